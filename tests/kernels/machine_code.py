"""What a compiler made of the kernels: the loops of an object, and what they do each turn."""
import re
import subprocess

FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+(\S.*)$")
JUMP = re.compile(r"^j\w+\s+([0-9a-f]+)$")
FUSED = re.compile(r"^vfn?m(add|sub)\d+[ps]s\s")
ON_STACK = re.compile(r"\((%rsp|%rbp)[,)]")
STORE = re.compile(r"^v?mov\S*\s+.*,[^,]*\([^)]*\)(\{%k\d\})?$")
NO_READ = ("lea", "nop", "prefetch")


def is_read(text):
    """Whether the instruction reads memory."""
    return "(%" in text and not STORE.match(text) and not text.startswith(NO_READ)


def keeps_vector_on_stack(text):
    return "mm" in text and ON_STACK.search(text) is not None


class Loop:
    """The instructions of an innermost loop, in the function that it was put into."""

    def __init__(self, function, instructions):
        self.function, self.instructions = function, instructions

    @property
    def fused(self):
        """How often a turn multiplies and adds."""
        return sum(1 for text in self.instructions if FUSED.match(text))

    @property
    def reads(self):
        return sum(1 for text in self.instructions if is_read(text))


def functions(listing):
    """{name: [(address, instruction)]} of what `objdump -d -C --no-show-raw-insn` prints."""
    found, current = {}, None
    for line in listing.splitlines():
        if match := FUNCTION.match(line):
            name = match[1].replace("(anonymous namespace)::", "").replace("delstep::", "")
            current = found.setdefault(name, [])
        elif current is not None and (match := INSTRUCTION.match(line)):
            text = re.sub(r"\s+[#<].*", "", match[2])
            current.append((int(match[1], 16), text))
    return found


def loops(name, code):
    """From the target of a jump backwards to the jump; of loops in one another the inner ones."""
    places = {address: i for i, (address, _) in enumerate(code)}
    spans = []
    for i, (_, text) in enumerate(code):
        target = JUMP.match(text)
        begin = places.get(int(target[1], 16)) if target else None
        if begin is not None and begin <= i:
            spans.append((begin, i))
    inner = [span for span in spans
             if not any(other != span and span[0] <= other[0] and other[1] <= span[1]
                        for other in spans)]
    return [Loop(name, [text for _, text in code[a:b + 1]]) for a, b in inner]


def disassemble(file):
    done = subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", file], capture_output=True,
                          text=True, check=True)
    return functions(done.stdout)
