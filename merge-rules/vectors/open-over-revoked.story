A displaced claim re-claims over one that was revoked.
---
rival claims track 1-3 class 3 as first
safety revokes rival as cut
node claims track 1-3 class 1 as second
node releases second as withdrawn
node claims track 1-3 class 1 over first by cut second by withdrawn as third
---
first/0: revoked [DENY-2]: first stands above slot 0 of log rival, where revocation cut cuts it
second/0: ended [BACK-2]: second was released by withdrawn
withdrawn: firm [RULE-2]: withdrawn is said by one who is granted to say it
third/0: provisional [OPEN-1]: third contends for an open resource, and no known claim goes first
track is taken 1-3 by first/0
track is taken 1-3 by third/0
exception: ended [BACK-2]: second was released by withdrawn
exception: revoked [DENY-2]: first stands above slot 0 of log rival, where revocation cut cuts it
