A Go tells how old the oldest news of the others is on which it rests.
---
root gives region: pad 0-12 of first as right
clock 1
node claims pad 6-9 as job
clock 5
region gives job: pad 6-9 of right as grant
may job at 8
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 9
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 6-9 by grant/0
may job at 8? go until 8:59:58, on news of 7:58:02 before
