Whoever draws on a window that is assigned to another log has nothing.
---
roots 3 voting
root-1 endorses region
root votes 1-1 for root as one
root-1 votes 1-1 for root as two
root votes 1-1 for region as three
region claims pad 4-6 of window-1@region as job
root claims pad 4-5 of window-1@root as mine
root-2 endorses mine
may mine at 4:30
---
job/0: void [RULE-5]: job is void: what it cites stands elsewhere or has another until
mine/0: firm [LEASE-5]: mine is given through a proven chain from the charter; covered to 5
pad is taken 4-5 by mine/0
may mine at 4:30? go until 4:59:58
exception: void [RULE-5]: job is void: what it cites stands elsewhere or has another until
