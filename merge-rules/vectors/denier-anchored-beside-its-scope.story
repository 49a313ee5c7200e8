Whoever holds a denier's anchor alone never hears of the denial: one anchored beside its scope reaches nothing
[GRANT-4].
---
root-safety enrols 10 as officer roles deny scope c anchor region lane safety
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
officer revokes node as cut
may job at 2
---
officer: firm [GRANT-1]: officer is granted from the charter
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 2? go until 2:59:58, on news of 1:57:02 before
