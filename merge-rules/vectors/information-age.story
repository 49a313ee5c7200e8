Free is told as of the oldest news among the logs that could say otherwise.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 5
region claims track 1-2
free pad 4-6 at 6
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
track is taken 1-2 by region:2/0
is pad free 4-6? free, on news of 5:58:02 before
