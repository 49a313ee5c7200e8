One root of three assigns nothing, however often it votes.
---
roots 3 voting
root-1 endorses region
root votes 1-2 for region as one
root votes 1-1 for region as two
region claims pad 4-6 of window-1@region as job
may job at 5
free pad 4-6 at 4
---
job/0: unknown [VOTE-2]: job rests on window 1 of the charter, which the roots have not assigned to one log
may job at 5? hold, unknown [VOTE-2]: job rests on window 1 of the charter, which the roots have not assigned to one log
is pad free 4-6? unknown, it rests on window 1 of the charter, which the roots have not assigned to one log
