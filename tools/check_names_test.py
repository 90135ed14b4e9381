#!/usr/bin/env python3
"""The check of names finds what it is there to find."""
import unittest

from check_names import classes


class CheckNames(unittest.TestCase):
    def test_finds_classes_of_named_namespaces(self):
        self.assertEqual(classes("namespace delstep {\nclass A final : public B {\n};\n"
                                 "struct C { int x = 1; };\nenum class D : int { kOne };\n}"),
                         ["delstep::A", "delstep::C", "delstep::D"])
        self.assertEqual(classes("namespace delstep::json { template <class T> class A {}; }"), ["delstep::json::A"])

    def test_passes_over_what_is_no_name_of_the_program(self):
        for text in ("namespace delstep { namespace { class A {}; } }",
                     "namespace delstep { class A; }",
                     "namespace delstep { void F() { struct A { int x; }; } }",
                     "namespace delstep { // class A {\n }",
                     'namespace delstep { const char* x = "class A {"; }',
                     "namespace delstep { void F(struct A& a) {} }"):
            self.assertEqual(classes(text), [], text)

    def test_a_class_in_a_class_has_the_outer_one_s_name(self):
        self.assertEqual(classes("namespace delstep { class A { class B {}; }; }"), ["delstep::A"])


if __name__ == "__main__":
    unittest.main()
