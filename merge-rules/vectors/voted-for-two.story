Where enough roots name each of two logs, the window is nobody's, and it is told who voted for both.
---
roots 3 voting
root-1 endorses region
root votes 1-1 for region as one
root-1 votes 1-1 for region as two
root-1 votes 1-1 for root as three
root-2 votes 1-1 for root as four
region claims pad 4-6 of window-1@region as job
may job at 5
free pad 4-6 at 4
---
job/0: unknown [VOTE-2]: job rests on window 1 of the charter, which the roots have not assigned to one log
may job at 5? hold, unknown [VOTE-2]: job rests on window 1 of the charter, which the roots have not assigned to one log
is pad free 4-6? unknown, it rests on window 1 of the charter, which the roots have not assigned to one log
exception: window 1 of first give 0 is assigned to 2 logs; of the roots these vote for more than one: [1]
