All revocations count, and the least cut with them.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node claims pad 5-6 as more
safety revokes node cutting node 2 as wide
root revokes node cutting node 1 as narrow
region gives more: pad 5-6 of right
may job at 2
may more at 5:30
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
more/0: revoked [DENY-2]: more stands above slot 1 of log node, where revocation narrow cuts it
pad is taken 1-3 by grant/0
pad is taken 5-6 by region:2/0
may job at 2? go until 2:59:58, on news of 1:58:02 before
may more at 5:30? hold, revoked [DENY-2]: more stands above slot 1 of log node, where revocation narrow cuts it
exception: revoked [DENY-2]: more stands above slot 1 of log node, where revocation narrow cuts it
