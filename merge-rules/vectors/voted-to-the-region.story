A window that votes assign belongs to the log that enough roots name [VOTE-2].
---
roots 3 voting
root-1 endorses region
root votes 1-2 for region as one
root-1 votes 1-1 for region as two
region claims pad 4-5 of window-1@region as job
region claims pad 8-9 of window-2@region as more
may job at 4:30
may more at 8
free pad 6-8 at 6
free pad 6-9 at 6
---
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 5
more/0: unknown [VOTE-2]: more rests on window 2 of the charter, which the roots have not assigned to one log
pad is taken 4-5 by job/0
may job at 4:30? go until 4:59:58
may more at 8? hold, unknown [VOTE-2]: more rests on window 2 of the charter, which the roots have not assigned to one log
is pad free 6-8? free, on news of 5:58:02 before
is pad free 6-9? unknown, it rests on window 2 of the charter, which the roots have not assigned to one log
