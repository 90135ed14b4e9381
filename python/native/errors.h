#pragma once
/// Errors between the two languages: ours as exceptions of Python, and what theirs say.
///
/// Threads: with Python's lock.
#include <pybind11/pybind11.h>

#include <string>

#include "delstep/result.h"

namespace delstep {

/// Our text as Python has it. Names of files may have any bytes: these become halves of characters, as
/// everywhere in Python.
pybind11::object PythonText(const std::string& text);

/// What `str(value)` says, as UTF-8. It never fails and throws nothing: halves of characters are
/// written out, as "\udce4", and where a class of the user's cannot say what its objects are, that is
/// said.
std::string TextOf(pybind11::handle value);

/// Throws the error as a CommandError of delstep.errors, or as a CommandInterrupted after Ctrl-C.
/// `cause` is the exception of the user's own that has led to it, or none.
[[noreturn]] void Raise(const Error& error, const pybind11::object& cause = pybind11::none());

}  // namespace delstep
