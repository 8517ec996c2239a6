"""Sentences in both of the course's languages."""


class Both(str):
    """A text in English and Chinese that can stand wherever a string can, e.g. after an assert."""

    def __new__(cls, en, zh):
        made = super().__new__(cls, en)
        made.en, made.zh = str(en), str(zh)
        return made

    def __add__(self, other):
        return Both(self.en + en_of(other), self.zh + zh_of(other))

    def __radd__(self, other):
        return Both(en_of(other) + self.en, zh_of(other) + self.zh)


def both(en, zh):
    """A message in two languages: `assert ok, both("h0 is ignored", "没有使用 h0")`."""
    return Both(en, zh)


def en_of(text):
    return text.en if isinstance(text, Both) else str(text)


def zh_of(text):
    return text.zh if isinstance(text, Both) else str(text)


def as_words(text):
    """{"en", "zh"} of a string, a Both or such a dict."""
    if isinstance(text, dict):
        if set(text) != {"en", "zh"} or not all(isinstance(v, str) and v for v in text.values()):
            raise ValueError("a text is a string or {'en': ..., 'zh': ...}")
        return dict(text)
    return {"en": en_of(text), "zh": zh_of(text)}


# What went wrong with what the student's side answered. {name} is the function that was called.
SENTENCES = {
    "raised": ("{name} raised {type}: {text}", "{name} 抛出异常 {type}：{text}"),
    "module_missing": (
        "{file} is missing: hand it in at the top of your ZIP (or in its single folder).",
        "缺少文件 {file}：请把它放在 ZIP 的最上层（或唯一的文件夹内）。",
    ),
    "import_failed": ("{file} could not be imported: {type}: {text}", "无法导入 {file}：{type}：{text}"),
    "name_missing": ("{where} has no {name}.", "{where} 中没有 {name}。"),
    "unencodable": (
        "what {name} returned cannot be handed over: {text}.",
        "无法传递 {name} 的返回值：{text}。",
    ),
    "undecodable": (
        "what {name} returned is not valid data ({text}).",
        "{name} 的返回值不是有效数据（{text}）。",
    ),
    "unasked": (
        "your program answered something that was not asked.",
        "你的程序发送了没有被询问的内容。",
    ),
    "ended": (
        "your program ended while {name} was running{how}.",
        "运行 {name} 时你的程序终止了{how}。",
    ),
    "ended_signal": (" (signal {number})", "（信号 {number}）"),
    "ended_code": (" (exit code {number})", "（退出码 {number}）"),
    "deadline": (
        "{name} did not answer within the time limit of {seconds} s.",
        "{name} 没有在 {seconds} 秒的时限内返回。",
    ),
    "wall": (
        "not run: the submission's whole time limit of {seconds} s was used up.",
        "未运行：整份提交的总时限 {seconds} 秒已经用完。",
    ),
    "wall_during": (
        "the submission's whole time limit of {seconds} s ended during this test.",
        "整份提交的总时限 {seconds} 秒在本测试运行期间用完。",
    ),
    "deadline_test": (
        "this test did not end within its time limit of {seconds} s.",
        "本测试没有在 {seconds} 秒的时限内结束。",
    ),
    "output_limit": (
        "your program printed more than {limit} bytes in this test.",
        "你的程序在本测试中的输出超过了 {limit} 字节。",
    ),
    "sandbox_lost": (
        "your program brought its sandbox down during this test.",
        "你的程序在本测试中使沙箱崩溃。",
    ),
    "no_sandbox": (
        "not run: your program brought down every sandbox that it was given.",
        "未运行：你的程序使所有分配的沙箱都崩溃了。",
    ),
    "unusable": (
        "the test could not use what your function returned.",
        "测试无法使用你的函数返回的结果。",
    ),
    "handle": (
        "your function returned {type}; plain data is expected here (numbers, lists, a plain numpy.ndarray).",
        "你的函数返回了 {type}；这里需要普通数据（数字、列表或普通的 numpy.ndarray）。",
    ),
    "no_raise": ("no {type} was raised.", "没有抛出 {type}。"),
    "other_raise": (
        "{type} is expected, but {got} was raised: {text}",
        "应当抛出 {type}，实际抛出了 {got}：{text}",
    ),
    "no_words": ("the test's condition does not hold.", "测试的条件不成立。"),
    "harness": ("the test itself failed; this is not your fault.", "测试本身出错，与你的代码无关。"),
    "skipped": ("the test was skipped.", "本测试被跳过。"),
}


def sentence(code, **params):
    """A sentence of the table as a Both; a parameter may itself be a Both."""
    en, zh = SENTENCES[code]
    return Both(
        en.format(**{k: en_of(v) for k, v in params.items()}),
        zh.format(**{k: zh_of(v) for k, v in params.items()}),
    )
