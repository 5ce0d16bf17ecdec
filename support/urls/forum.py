"""The forum Agora: `/aide/agora/`."""

from django.urls import path

from support.views.forum import acts, asking, follows, lists, moderation, themes, topics

urlpatterns = [
    path("agora/", lists.forum, name="forum"),
    path("agora/tout-lu/", lists.all_read, name="forum_all_read"),
    path("agora/poser/", asking.ask, name="forum_ask"),
    path("agora/abonnements/", follows.follows, name="forum_follows"),
    path("agora/desabonnement/<str:token>/", follows.stop, name="forum_unfollow"),
    path("agora/moderation/", moderation.moderation, name="forum_moderation"),
    path("agora/themes/", themes.themes, name="forum_themes"),
    path("agora/themes/<int:pk>/", themes.theme, name="forum_theme"),
    path("agora/themes/<int:pk>/ordre/", themes.theme_order, name="forum_theme_order"),
    path("agora/themes/<int:pk>/suivre/", acts.follow_theme, name="forum_theme_follow"),
    path("agora/personnes/<int:pk>/", moderation.restriction, name="forum_restriction"),
    path("agora/personnes/<int:pk>/rendre/", moderation.freed, name="forum_freed"),
    path("agora/<int:pk>/", topics.topic, name="forum_topic"),
    path("agora/<int:pk>/suivre/", acts.follow_topic, name="forum_topic_follow"),
    path("agora/<int:pk>/lu/", acts.read, name="forum_topic_read"),
    path("agora/<int:pk>/gerer/", moderation.manage, name="forum_topic_manage"),
    path("agora/<int:pk>/etat/", moderation.state, name="forum_topic_state"),
    path("agora/<int:pk>/reunir/", moderation.merge, name="forum_topic_merge"),
    path("agora/message/<int:pk>/", topics.post_place, name="forum_post"),
    path("agora/message/<int:pk>/image/", topics.image, name="forum_image"),
    path("agora/message/<int:pk>/modifier/", topics.edit, name="forum_edit"),
    path("agora/message/<int:pk>/avis/", acts.vote_for, name="forum_vote"),
    path("agora/message/<int:pk>/solution/", acts.solution, name="forum_solution"),
    path("agora/message/<int:pk>/signaler/", acts.report, name="forum_report"),
    path("agora/message/<int:pk>/masquer/", moderation.hide, name="forum_hide"),
    path("agora/message/<int:pk>/afficher/", moderation.show, name="forum_show"),
    path("agora/message/<int:pk>/laisser/", moderation.keep, name="forum_keep"),
]
