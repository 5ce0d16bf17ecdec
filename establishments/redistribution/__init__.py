"""Mutual aid (*dépannage*): what medicines and protective equipment have in common.

A place opens a *need*; *transfers* from other places cover it. Each app keeps both in tables of its
own, made from ``models.Need`` and ``models.Transfer``, and offers a ``parts.Part`` that ``config``
shows under ``/entraide/``; ``common.flow`` shares the donors out between the needs.

- ``states``: what may happen to a transfer, and by which side; pure functions, the same for all.
- ``models``: the fields, the constraints and ``Transfer.take``, which applies one step.
- ``distance``: how far two establishments are, and how that is known.
- ``parts``: the rows of the lists, and what each app must answer.

Rules held by all: quantities are whole units; a donor keeps three weeks of cover after giving, what
it has already promised being deducted; a need's remainder is computed, never stored: a refusal, a
cancellation or a short reception reopens it by itself. Locks are taken in this order: the needs,
what makes the promises of donors take turns (the product), the transfer.
"""
