News that were written later than now by all clocks are of an age that nobody knows.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 20
region claims track 1-2 as note
may job at 2
free pad 4-6 at 5
free pad 4-6 at 21
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
note/0: provisional [OPEN-1]: note contends for an open resource, and no known claim goes first
pad is taken 1-3 by grant/0
track is taken 1-2 by note/0
may job at 2? go until 2:59:58, on news of an age that is not known
is pad free 4-6? free, on news of an age that is not known
is pad free 4-6? free, on news of 20:58:02 before
