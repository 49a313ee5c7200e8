A closing that a revocation cuts is none, and the trip stands again [BREAK-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a as trip
safety closes trip as end
root revokes region cutting safety 1 region 1 as cut
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until the end by trip [BREAK-2]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
end: revoked [DENY-2]: end stands above slot 1 of log safety, where revocation cut cuts it
pad is taken 1-3 by grant/0
may job at 2? hold, suspended until the end by trip [BREAK-2]
exception: revoked [DENY-2]: end stands above slot 1 of log safety, where revocation cut cuts it
