A lease goes on after the part that only led to it was taken back as over.
---
root gives region: pad 0-12 of first as right
node claims pad 1-4 as job
region gives job: pad 1-2 of right as early
region gives job: pad 2-4 of right for 0 as late
clock 3
region reclaims early as back
may job at 3:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 4
early: firm [LEASE-5]: early is given through a proven chain from the charter
late: firm [LEASE-5]: late is given through a proven chain from the charter
back: firm [RULE-2]: back is said by one who is granted to say it
pad is taken 1-2 by early/0
pad is taken 2-4 by late/0
may job at 3:30? go until 3:59:58, on news of 3:28:02 before
