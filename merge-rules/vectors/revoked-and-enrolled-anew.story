Whoever is revoked is enrolled anew by an enrolment that answers.
---
node claims track 1-3 as job
safety revokes node as cut
safety enrols 10 as third answering cut
third claims track 4-5 as new
---
job/0: revoked [DENY-2]: job stands above slot 0 of log node, where revocation cut cuts it
third: firm [GRANT-1]: third is granted from the charter
new/0: provisional [OPEN-1]: new contends for an open resource, and no known claim goes first
track is taken 1-3 by job/0
track is taken 4-5 by new/0
exception: revoked [DENY-2]: job stands above slot 0 of log node, where revocation cut cuts it
