"""The forum Agora: `/aide/agora/`."""

from tests.accounts.route_examples.example import Example, by_number, plain

of_everybody = Example(by_number.args, rowless=True, letters="N")
EXAMPLES: dict[str, Example] = {
    "support:forum": plain,
    "support:forum_all_read": plain,
    "support:forum_ask": plain,
    "support:forum_follows": plain,
    "support:forum_unfollow": Example(lambda place: ["jeton"]),
    "support:forum_moderation": plain,
    "support:forum_themes": plain,
    "support:forum_theme": of_everybody,
    "support:forum_theme_order": of_everybody,
    "support:forum_theme_follow": of_everybody,
    "support:forum_restriction": of_everybody,
    "support:forum_freed": of_everybody,
    "support:forum_topic": of_everybody,
    "support:forum_topic_follow": of_everybody,
    "support:forum_topic_read": of_everybody,
    "support:forum_topic_manage": of_everybody,
    "support:forum_topic_state": of_everybody,
    "support:forum_topic_merge": of_everybody,
    "support:forum_post": of_everybody,
    "support:forum_image": of_everybody,
    "support:forum_edit": of_everybody,
    "support:forum_vote": of_everybody,
    "support:forum_solution": of_everybody,
    "support:forum_report": of_everybody,
    "support:forum_hide": of_everybody,
    "support:forum_show": of_everybody,
    "support:forum_keep": of_everybody,
}
