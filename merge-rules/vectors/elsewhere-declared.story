What lies in another scope is not the node's to claim.
---
root declares shed as sign
node claims shed 1-3 as mine
---
sign: firm [RULE-2]: sign is said by one who is granted to say it
mine/0: void [LEASE-6]: mine is void: the resource does not belong to its log's scope
exception: void [LEASE-6]: mine is void: the resource does not belong to its log's scope
