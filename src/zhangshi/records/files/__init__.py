"""Files: attachments, photos and signatures, on a disk or in an object store."""
