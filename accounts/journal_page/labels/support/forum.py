"""The forum Agora: `/aide/agora/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Forum Agora": {
        "support.topic_opened": Label("Question posée", "a posé une question dans Agora"),
        "support.post_written": Label("Réponse publiée", "a répondu dans Agora"),
        "support.post_edited": Label("Message corrigé", "a corrigé son message"),
        "support.solution_marked": Label("Solution désignée", "a désigné la solution"),
        "support.solution_unmarked": Label("Solution retirée", "a retiré la solution"),
        "support.post_reported": Label("Message signalé", "a signalé un message"),
        "support.reports_dismissed": Label(
            "Signalement écarté", "a laissé affiché un message signalé"
        ),
        "support.post_hidden": Label("Message masqué", "a masqué un message"),
        "support.post_shown": Label(
            "Message affiché de nouveau", "a affiché de nouveau un message"
        ),
        "support.topic_moved": Label("Sujet rangé", "a changé le titre ou le thème d’un sujet"),
        "support.topic_pinned": Label("Sujet épinglé", "a épinglé un sujet"),
        "support.topic_unpinned": Label("Sujet détaché", "a cessé d’épingler un sujet"),
        "support.topic_closed": Label("Sujet clos", "a clos un sujet"),
        "support.topic_reopened": Label("Sujet rouvert", "a rouvert un sujet"),
        "support.topic_merged": Label("Sujets réunis", "a réuni deux sujets"),
        "support.writer_restricted": Label(
            "Lecture seule", "a mis une personne en lecture seule dans Agora"
        ),
        "support.writer_freed": Label(
            "Écriture rendue", "a rendu à une personne l’écriture dans Agora"
        ),
        "support.forum_theme_added": Label("Thème ajouté", "a ajouté un thème à Agora"),
        "support.forum_theme_described": Label("Thème décrit", "a changé un thème d’Agora"),
        "support.forum_theme_moved": Label("Thème déplacé", "a déplacé un thème d’Agora"),
        "support.forum_theme_archived": Label("Thème archivé", "a archivé un thème d’Agora"),
        "support.forum_theme_reopened": Label("Thème rouvert", "a rouvert un thème d’Agora"),
    },
}
