"""The kernels' machine code: what once made them half as fast must not come back.

A compiler may keep the accumulators of a loop in memory instead of registers, clear them there by
`rep stos`, and read operands anew in each turn because a store might have changed them. No result
shows it, and a benchmark on a busy machine hides it. The limits below are what the loops need.
"""
import os
import re
import shutil
import sys
import unittest

import machine_code

OBJECTS = [name for name in os.environ.get("DELSTEP_KERNEL_OBJECTS", "").split(":") if name]

# Of the loops in functions of such a name, by the number of their fused operations a turn: how
# often a turn may read memory.
SPARSE = [(r"MultiplyBlock|SparseMultiply", 8, 7),  # 4 inputs, 2 vectors of c, number of the example
          (r"GradientBlock|SparseGradient", 8, 7)]  # 4 inputs, 2 vectors of b, number of the example
SUMS = r"SumColumns|SumAllColumns|WeightedColumns"
LIMITS = {
    "avx2": SPARSE + [
        (SUMS, 8, 10),  # 8 vectors of a row, its address, its weight
        (r"MultiplyTile<6, 2>", 12, 8),  # 6 of a, 2 vectors of b
        (r"MultiplyTile<3, 4>", 12, 7),  # 3 of a, 4 vectors of b
        (r"SumTileColumns|WeightedTile", 12, 9)],  # 6 weights, 2 vectors of a row, its address
    "avx512": SPARSE + [
        (SUMS, 4, 6),  # 4 vectors of a row, its address, its weight
        # 14 of a, 2 vectors of b, and addresses of a: 14 are more than there are registers for.
        (r"MultiplyTile<14, 2>", 28, 24),
        (r"SumTileColumns|WeightedTile", 24, 11)],  # 6 weights, 4 vectors of a row, its address
}
# All of their code is loops and what brings accumulators there and back.
NEVER_ON_STACK = re.compile(r"(SparseMultiply|SparseGradient|MultiplyBlock|GradientBlock|"
                            r"SumColumns|SumAllColumns|SumTileColumns|WeightedColumns|WeightedTile)\b")


def faults(variant, functions):
    """What is wrong with the kernels of a variant, a sentence each."""
    found = []
    for name, instructions in functions.items():
        texts = [text for _, text in instructions]
        if any(text.startswith("rep stos") or re.match(r"call.*memset", text) for text in texts):
            found.append(f"{name} clears memory")
        if NEVER_ON_STACK.search(name) and any(map(machine_code.keeps_vector_on_stack, texts)):
            found.append(f"{name} keeps vectors on the stack")
    for pattern, fused, most in LIMITS[variant]:
        loops = [loop for name, instructions in functions.items() if re.search(pattern, name)
                 for loop in machine_code.loops(name, instructions) if loop.fused == fused]
        if not loops:
            found.append(f"no loop of {pattern} has {fused} fused operations a turn")
        for loop in loops:
            if loop.reads > most:
                found.append(f"a loop of {loop.function} reads memory {loop.reads} times a turn, "
                             f"for {fused} fused operations; {most} are enough")
            if any(map(machine_code.keeps_vector_on_stack, loop.instructions)):
                found.append(f"a loop of {loop.function} keeps vectors on the stack")
    return found


class Listings(unittest.TestCase):
    """The reading of a listing itself."""

    LISTING = """
0000000000000040 <void delstep::(anonymous namespace)::GradientBlock<2>(int)>:
      40:\trep stos %rax,%es:(%rdi)
      43:\tnopw   0x0(%rax,%rax,1)
      50:\tvbroadcastss (%rax),%ymm0
      55:\tvfmadd231ps (%rcx,%rdx,4),%ymm0,%ymm1        # 1234 <delstep::kSome+0x4>
      5a:\tvmovaps %ymm1,-0x20(%rbp)
      60:\tlea    0x10(%rax),%rax
      64:\tjne    50 <void delstep::(anonymous namespace)::GradientBlock<2>(int)+0x10>
      66:\tjmp    40 <void delstep::(anonymous namespace)::GradientBlock<2>(int)>
      68:\tret
"""

    def test_a_loop_is_the_inner_one_with_its_reads_and_what_it_stores(self):
        functions = machine_code.functions(self.LISTING)
        self.assertEqual(list(functions), ["void GradientBlock<2>(int)"])
        loop, = machine_code.loops("it", functions["void GradientBlock<2>(int)"])
        self.assertEqual((len(loop.instructions), loop.fused, loop.reads), (5, 1, 2))

    def test_each_fault_is_told(self):
        found = "\n".join(faults("avx2", machine_code.functions(self.LISTING)))
        self.assertIn("void GradientBlock<2>(int) clears memory", found)
        self.assertIn("void GradientBlock<2>(int) keeps vectors on the stack", found)
        self.assertIn("no loop of GradientBlock|SparseGradient has 8 fused", found)

    def test_a_turn_that_reads_too_often_is_told(self):
        fused = "".join(f"      {place:x}:\tvfmadd231ps (%rax),%ymm0,%ymm1\n"
                        for place in range(0x50, 0x58))
        listing = f"0000000000000050 <SparseMultiply()>:\n{fused}      58:\tjne    50 <there>\n"
        self.assertIn("a loop of SparseMultiply() reads memory 8 times a turn, for 8 fused "
                      "operations; 7 are enough", faults("avx2", machine_code.functions(listing)))


class Kernels(unittest.TestCase):
    def test_loops_keep_what_they_add_up_in_registers_and_read_no_more_than_they_need(self):
        tested = []
        for file in OBJECTS:
            variant = re.search(r"kernels_(\w+)\.", file)[1]
            if variant in LIMITS:
                tested.append(variant)
                found = faults(variant, machine_code.disassemble(file))
                self.assertFalse(found, "\n".join([file, *found]))
        self.assertEqual(sorted(tested), sorted(LIMITS), "which objects are there")


if __name__ == "__main__":
    if not shutil.which("objdump"):
        print("the machine code of the kernels IS NOT TESTED: there is no objdump (package binutils)")
        sys.exit(0)
    unittest.main()
