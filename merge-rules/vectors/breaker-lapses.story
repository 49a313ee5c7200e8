A trip ends with its until, and nobody must close it [BREAK-2].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a until 2:00 as trip
may job at 1:30
may job at 2:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until 2 by trip [BREAK-2]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 1:30? hold, suspended until 2 by trip [BREAK-2]
may job at 2:30? go until 2:59:58, on news of 2:28:02 before
