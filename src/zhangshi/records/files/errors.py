"""Why a file is not taken, or not shown."""

from zhangshi.base.errors import ErrorCode

TOO_LARGE = ErrorCode(
    "records.file_too_large",
    "文件“{name}”有 {size_mb} MB,最多 {limit_mb} MB。请压缩后再传。",
    'The file "{name}" has {size_mb} MB; at most {limit_mb} MB are taken. Make it smaller.',
)
EMPTY = ErrorCode(
    "records.file_empty",
    "文件“{name}”是空的。请重新选择。",
    'The file "{name}" is empty. Choose it again.',
)
TYPE_REFUSED = ErrorCode(
    "records.file_type_refused",
    "文件“{name}”的内容是“{found}”,不在可上传的类型里。可上传:图片、PDF、Office、文本、压缩包、CAD 图纸。",
    'The content of "{name}" is "{found}", which is not taken. Taken are pictures, PDF, Office files, text, archives '
    "and CAD drawings.",
)
TYPE_DIFFERS = ErrorCode(
    "records.file_type_differs",
    "文件“{name}”的后缀与内容不符(内容是“{found}”)。请改对后缀,或重新导出。",
    'The name "{name}" does not fit the content, which is "{found}". Correct the ending, or export the file again.',
)
UNKNOWN_FILE = ErrorCode(
    "records.unknown_file",
    "找不到文件 {id},或者您无权查看。请刷新单据。",
    "There is no file {id}, or you may not see it. Reload the document.",
)
FOREIGN_FILE = ErrorCode(
    "records.foreign_file",
    "文件 {id} 不是您上传的,或已用在别的单据上。请重新上传。",
    "The file {id} was not uploaded by you, or belongs to another document already. Upload it again.",
)
STORAGE_FAILED = ErrorCode(
    "records.file_storage_failed",
    "文件存取失败:{detail}。请检查存储(磁盘空间或对象存储的地址、密钥)后重试。",
    "Storing or reading the file failed: {detail}. Check the storage (disk space, or address and key of the object "
    "store) and try again.",
)
FILE_LOST = ErrorCode(
    "records.file_lost",
    "文件“{name}”的内容在存储里找不到或已损坏。请用备份恢复存储。",
    'The content of "{name}" is missing from the storage or damaged. Restore the storage from its backup.',
)
