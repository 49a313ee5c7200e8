A claim longer than the longest lease is void.
---
root gives region: pad 0-12 of first as right
region claims pad 0-9 of right as job
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: void [LEASE-6]: job is void: its window is longer than the longest lease
pad is taken 0-9 by job/0
exception: void [LEASE-6]: job is void: its window is longer than the longest lease
