"""What can be refused when definitions are drafted, planned or published."""

from zhangshi.base.errors import ErrorCode

NO_SUCH_REVISION = ErrorCode(
    "definitions.no_such_revision",
    "没有第 {revision} 版定义。请用 zhangshi definitions revisions 查看现有版本。",
    "There is no revision {revision} of the definitions. See those that exist with zhangshi definitions revisions.",
)
NO_SUCH_OBJECT = ErrorCode(
    "definitions.no_such_object",
    "没有定义“{name}”。请检查种类和键。",
    'There is no definition "{name}". Check its kind and its key.',
)
NO_SUCH_PUBLICATION = ErrorCode(
    "definitions.no_such_publication",
    "没有编号为 {publication_id} 的发布。请在发布记录里选一个。",
    "There is no publication {publication_id}. Choose one from the list of publications.",
)
BEING_PUBLISHED = ErrorCode(
    "definitions.being_published",
    "{actor} 从 {since} 起正在发布定义,一次只能有一个。请等它完成后再发布。",
    "{actor} has been publishing definitions since {since}, and only one can at a time. Wait until that is done.",
)
PLAN_OUTDATED = ErrorCode(
    "definitions.plan_outdated",
    "这份发布计划已过时:定义或数据在此期间有变化。请重新查看计划,确认后再发布。",
    "This plan is out of date: definitions or data changed meanwhile. Look at a new plan, then publish that.",
)
PLAN_REFUSED = ErrorCode(
    "definitions.plan_refused",
    "不能发布,有 {count} 处要先处理。第一处:{first}",
    "This cannot be published; {count} things come first. The first: {first}",
)
NOTHING_TO_PUBLISH = ErrorCode(
    "definitions.nothing_to_publish",
    "没有要发布的修改。",
    "There is nothing to publish: no draft differs from what counts now.",
)
DRAFT_CHANGED = ErrorCode(
    "definitions.draft_changed",
    "“{name}”的草稿已被 {actor} 改过。请重新载入后再修改。",
    'The draft of "{name}" was changed by {actor} meanwhile. Load it again, then make your change.',
)
NO_SUCH_DRAFT = ErrorCode(
    "definitions.no_such_draft",
    "“{name}”没有草稿。",
    'There is no draft of "{name}".',
)
NOT_IN_SITE = ErrorCode(
    "definitions.not_in_site",
    "“{name}”来自模板“{layer}”,不能删除;可以停用其中的字段,或卸载模板。",
    '"{name}" comes from the pack "{layer}" and cannot be deleted; retire its fields, or uninstall the pack.',
)
NO_SUCH_FIELD = ErrorCode(
    "definitions.no_such_field",
    "“{entity}”没有字段“{field}”。请检查路径,明细字段写作 lines.字段。",
    'There is no field "{field}" in "{entity}". Check the path; a field of a line table is written lines.field.',
)
