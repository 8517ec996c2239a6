import { failWith } from "../platform/errors.ts";

export const submissionErrors = {
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
  not_open_yet: {
    status: 409,
    en: "This assignment opens at {opens}. Submit again from then on.",
    zh: "本作业将于 {opens} 开放，请届时再提交。",
  },
  closed: {
    status: 409,
    en: "This assignment takes no more submissions. Ask your instructor if you think that is wrong.",
    zh: "本作业已停止接收提交。如有疑问请联系教师。",
  },
  past_due: {
    status: 409,
    en: "The due date ({due}) and every late day have passed. Ask your instructor for an extension.",
    zh: "截止时间（{due}）及迟交期限均已过。如需延期请联系教师。",
  },
  claim_too_large: {
    status: 413,
    en: "Your ZIP is larger than the {limit} bytes that this assignment takes. Make it smaller and submit again.",
    zh: "您的 ZIP 超过本作业允许的 {limit} 字节，请缩小后重新提交。",
  },
  too_many_claims: {
    status: 429,
    en: "You have announced {limit} uploads within an hour without sending them. Send one, or wait.",
    zh: "您在一小时内预告了 {limit} 次上传却未发送。请先上传其中之一，或稍后再试。",
  },
  idempotency_mismatch: {
    status: 409,
    en: "This Idempotency-Key was used for another upload. Send a new key with a new upload.",
    zh: "该 Idempotency-Key 已用于另一次上传。新的上传请使用新的键。",
  },
  bad_idempotency_key: {
    status: 422,
    en: "An Idempotency-Key has 1 to 200 printable ASCII characters.",
    zh: "Idempotency-Key 应为 1 至 200 个可打印 ASCII 字符。",
  },
  unknown_tests: {
    status: 422,
    en: "No submission of this assignment has a test named {tests}. Look at the names again.",
    zh: "本作业的提交中没有名为 {tests} 的测试，请核对名称。",
  },
  bad_rules: {
    status: 422,
    en: "These rules cannot be read: {problem}",
    zh: "无法读取这些规则：{problem}",
  },
  stale_preview: {
    status: 409,
    en: "Results or rules have changed since you looked. Look at the preview again.",
    zh: "预览之后结果或规则已有变化，请重新预览。",
  },
  blind_now: {
    status: 403,
    en: "This assignment is graded without names until its results are published. Ask an instructor to look.",
    zh: "成绩发布前，此作业采用匿名评阅。如需查看请联系任课教师。",
  },
  no_such_rubric_item: {
    status: 422,
    en: "The rubric in use has no item {item}. Load the page again.",
    zh: "当前评分细则中没有 {item} 一项，请重新载入页面。",
  },
  bad_worth: {
    status: 422,
    en: "Give an item between 0 and 10000 points, with at most two decimals.",
    zh: "评分项的分值须在 0 到 10000 之间，最多两位小数。",
  },
  nothing_to_undo: {
    status: 409,
    en: "No change of points is in force, so there is nothing to undo.",
    zh: "当前没有生效的分值调整，无可撤销。",
  },
  bad_origin: {
    status: 422,
    en: "An origin is the system (gradescope, canvas or moodle), a colon and the submission's id there.",
    zh: "来源应为系统名（gradescope、canvas 或 moodle）、冒号和该系统中的提交编号。",
  },
  moved_from_future: {
    status: 422,
    en: "{at} has not come yet: nothing was handed in then. Look at the time zone.",
    zh: "{at} 尚未到来，不可能在该时间提交。请检查时区。",
  },
  bad_people_file: {
    status: 422,
    en: "{name} cannot be used: {problem}. Download it again, and give it as it came.",
    zh: "无法使用 {name}：{problem}。请重新下载，并按原样提供。",
  },
  people_file_too_large: {
    status: 413,
    en: "A file that says who and when has at most {limit}. Give the worksheet, not the submissions.",
    zh: "写明是谁、何时提交的文件不得超过 {limit}。请提供评分表，而不是提交文件。",
  },
  unknown_person: {
    status: 422,
    en: "“{said}” is nobody on the roster. Choose somebody from the list, or leave the field empty.",
    zh: "名册中没有“{said}”。请从列表中选择，或将该栏留空。",
  },
  bad_moment: {
    status: 422,
    en: "“{said}” is no date and time. Write it as 2026-11-25 23:59, or leave the field empty.",
    zh: "“{said}”不是日期时间。请按 2026-11-25 23:59 的格式填写，或留空。",
  },
  import_under_way: {
    status: 409,
    en: "This download is being taken in just now. Wait until that has ended, then change it.",
    zh: "此下载文件正在导入，请等待结束后再修改。",
  },
  not_a_student_here: {
    status: 422,
    en: "{person} is not on this course's roster. Import the roster first, then this again.",
    zh: "{person} 不在本课程名册中。请先导入名册，再重新导入提交。",
  },
  moved_without_groups: {
    status: 422,
    en: "Several people handed this in together, but the assignment has no groups. Give it a set of groups first.",
    zh: "该提交由多人共同完成，但此作业未设分组。请先为作业指定分组。",
  },
  nobody: {
    status: 422,
    en: "{email} is not on this course's roster.",
    zh: "{email} 不在本课程名册中。",
  },
  bad_days: {
    status: 422,
    en: "Give a kind of work in small letters, and whole days from {least} to {most}.",
    zh: "请用小写字母填写作业类别，天数须为 {least} 到 {most} 的整数。",
  },
  reason_needed: {
    status: 422,
    en: "Say why, in at most 500 characters.",
    zh: "请说明理由（不超过 500 个字符）。",
  },
  already_started: {
    status: 409,
    en: "This attempt is {state} and can no longer be taken back.",
    zh: "该次评测状态为 {state}，已无法撤回。",
  },
  nothing_to_replace: {
    status: 409,
    en: "There is nothing to take back any more: either this submission does not wait for a GPU, or no older one does. Load the page again.",
    zh: "已没有可撤回的提交：本次提交不在等待 GPU，或更早的提交均已不在等待。请刷新页面。",
  },
  not_in_rota: {
    status: 409,
    en: "This does not wait for a GPU any more, or is not of this course: it cannot be moved. Load the page again.",
    zh: "该评测已不在等待 GPU，或不属于本课程，无法移动。请刷新页面。",
  },
  not_waiting_for_you: {
    status: 409,
    en: "This grading does not wait for anybody any more. Somebody else was faster.",
    zh: "该次评测已不需要处理，可能已由他人处理。",
  },
  nothing_to_rerun: {
    status: 409,
    en: "No submission is in that scope. Choose another.",
    zh: "该范围内没有提交，请另选范围。",
  },
  rerun_reason_needed: {
    status: 422,
    en: "Say why they are graded again, in at most {limit} characters: it is kept.",
    zh: "请说明重新评分的理由（最多 {limit} 个字符），该理由会被保留。",
  },
  own_work: {
    status: 403,
    en: "This submission has your own name on it. Ask somebody else of the course's staff.",
    zh: "这份提交署有您本人的姓名，请由课程的其他教师或助教处理。",
  },
  rerun_unfinished: {
    status: 409,
    en: "{left} of its runs have not ended. Wait for them, or cancel the re-run.",
    zh: "还有 {left} 次评测未完成。请等待，或取消重新评分。",
  },
  rerun_decided: {
    status: 409,
    en: "This re-run is {state}: nothing more can be decided about it.",
    zh: "该次重新评分的状态为 {state}，无法再作决定。",
  },
  nothing_to_choose: {
    status: 409,
    en: "In this assignment it is settled which submission counts; there is nothing to choose.",
    zh: "此作业已规定以哪次提交计分，无需选择。",
  },
  upload_expired: {
    status: 410,
    en: "This upload was begun too long ago and is no longer kept. Begin it again.",
    zh: "该上传开始已久，不再保留，请重新上传。",
  },
  upload_unfinished: {
    status: 409,
    en: "{received} of {bytes} bytes are here. Send the rest first.",
    zh: "已收到 {received} / {bytes} 字节，请先传完其余部分。",
  },
  upload_impossible: {
    status: 400,
    en: "Say the whole size at the beginning, in bytes: uploads without one, and uploads joined from others, are not taken.",
    zh: "请在开始时说明文件的总字节数；不接受未说明大小或由多个上传拼接而成的上传。",
  },
  no_room: {
    status: 503,
    en: "There is no room for {bytes} bytes right now. Nothing was used up; try again later, and tell your instructor.",
    zh: "目前没有足够空间存放 {bytes} 字节，未消耗任何机会。请稍后重试，并告知教师。",
  },
  pickled_checkpoint: {
    status: 422,
    en: "{entry} could run code when it is loaded. Save the checkpoint as safetensors or npz and submit that.",
    zh: "{entry} 在加载时可能执行代码。请将检查点保存为 safetensors 或 npz 后提交。",
  },
  no_statement_asked: {
    status: 409,
    en: "This assignment asks for no statements of what each member of a group did.",
    zh: "此作业不要求小组成员说明各自的贡献。",
  },
  statement_over: {
    status: 409,
    en: "Nothing is accepted for this assignment any more, and so no statement either. Write to staff of the course.",
    zh: "此作业已不再接受提交，也不再接受贡献说明。请联系课程教师或助教。",
  },
  bad_statement: {
    status: 422,
    en: "Say what your part was, in at most {limit} characters; a share is a whole number from 0 to 100, or empty.",
    zh: "请说明您的贡献（最多 {limit} 个字符）；占比为 0 到 100 的整数，可留空。",
  },
  files_removed: {
    status: 410,
    en: "The files of this submission were removed, by a deletion or the course's retention date. Number, times and points are kept.",
    zh: "这份提交的文件已因个人数据删除或课程保留期限届满而移除；编号、时间与分数仍保留。",
  },
  choice_over: {
    status: 409,
    en: "The results are published: which submission counts cannot be changed any more.",
    zh: "成绩已发布，不能再更改计分的提交。",
  },
} as const;

export const fail = failWith(submissionErrors);
