Gives that abut cover a claim together and extend it.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-2 of right for 0
region gives job: pad 2-4 of right for 0
may job at 3:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 4
pad is taken 1-2 by region:1/0
pad is taken 2-4 by region:2/0
may job at 3:30? go until 3:59:58, on news of 3:28:02 before
