"""What rooms give to places that know no room: timelines, search, the work queue, answers to requests for data.

Rooms register in their AppConfig.ready. Every contributor is told who reads and gives only what that person may see;
whatever speaks of subjects takes a batch of ids and asks the database a fixed number of times.
"""
