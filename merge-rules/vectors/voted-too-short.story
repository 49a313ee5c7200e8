A vote counts only if it lasts to the window's end and twice the longest lease.
---
roots 3 voting
root-1 endorses region
root votes 1-1 for region until 23:59 as one
root-1 votes 1-1 for region as two
root-2 votes 2-2 for region until 1 as three
region claims pad 4-6 of window-1@region as job
free pad 4-6 at 4
---
job/0: unknown [VOTE-2]: job rests on window 1 of the charter, which the roots have not assigned to one log
is pad free 4-6? unknown, it rests on window 1 of the charter, which the roots have not assigned to one log
