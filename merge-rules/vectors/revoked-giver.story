When the giver is revoked, so is what it gave.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
root revokes region as cut
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: revoked [DENY-2]: job stands above slot 0 of log safety, where revocation cut cuts it
grant: revoked [DENY-2]: grant stands above slot 0 of log region, where revocation cut cuts it
pad is taken 1-3 by grant/0
may job at 2? hold, revoked [DENY-2]: job stands above slot 0 of log safety, where revocation cut cuts it
exception: revoked [DENY-2]: job stands above slot 0 of log safety, where revocation cut cuts it
exception: revoked [DENY-2]: grant stands above slot 0 of log region, where revocation cut cuts it
