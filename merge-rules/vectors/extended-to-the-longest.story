No extension makes a lease longer than the longest.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region gives job: pad 3-10 of right for 0 as more
may job at 8:30
may job at 9
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 9
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
more: firm [LEASE-5]: more is given through a proven chain from the charter
pad is taken 1-3 by grant/0
pad is taken 3-10 by more/0
may job at 8:30? go until 8:59:58, on news of 8:28:02 before
may job at 9? hold, Closing
