#pragma once
#include <string>

namespace delstep {

/// The name of a file as a shell reads it back: as it is where nothing in it means something to a
/// shell, else in single quotes. For command lines that people are told to run.
std::string ShellWord(const std::string& name);

}  // namespace delstep
