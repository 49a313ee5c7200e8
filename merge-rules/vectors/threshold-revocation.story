What one root revokes alone cuts nothing where two must agree; the second one's word cuts.
---
roots 3
root-1 endorses region
region claims track 1-2 as one
region claims track 4-5 as two
root-1 revokes region cutting region 1 as first-word
root-2 revokes region cutting region 1 as second-word
---
one/0: provisional [OPEN-1]: one contends for an open resource, and no known claim goes first
two/0: revoked [DENY-2]: two stands above slot 1 of log region, where revocation second-word cuts it
track is taken 1-2 by one/0
track is taken 4-5 by two/0
exception: revoked [DENY-2]: two stands above slot 1 of log region, where revocation second-word cuts it
