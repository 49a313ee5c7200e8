A denier whose anchor lies within its scope denies whoever stands below that.
---
root-safety enrols 10 as officer roles deny scope a anchor region lane safety
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
officer revokes node as cut
may job at 2
---
officer: firm [GRANT-1]: officer is granted from the charter
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: revoked [DENY-2]: job stands above slot 0 of log node, where revocation cut cuts it
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
pad is taken 1-3 by grant/0
may job at 2? hold, revoked [DENY-2]: job stands above slot 0 of log node, where revocation cut cuts it
exception: revoked [DENY-2]: job stands above slot 0 of log node, where revocation cut cuts it
