"""What a service of help refuses, in a sentence for the person."""


class HelpError(Exception):
    """Nothing was written. The message is for the person, in French."""


class ChangedMeanwhileError(HelpError):
    """Somebody wrote since the page was shown."""
