#pragma once
/// Says whose fault a crash is: the user's own code runs inside this process, and a bug in it can
/// end the program.
///
/// While a UserCode lives on a thread, that thread runs code of the named file. If the thread then
/// crashes (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT), one line on standard error names the file
/// and what it was doing, and the program ends as it would have without it: same exit status, same
/// core dump, same report of a sanitizer.
///
/// If it calls exit() or quick_exit(), one line says so, and the program ends as by abort(): the
/// code that it gave would be taken for one of the program's own, and no global object is destroyed
/// under the threads that still compute. Nothing can be done about _exit().
///
///     const UserCode running("my_rule.cpp", "DoWeigh()");
///     rule->DoWeigh(...);   // delstep: the code in my_rule.cpp crashed (SIGSEGV, ...) in DoWeigh()
///
/// They nest; the innermost counts. Making one costs two writes to thread-local memory. The first
/// one of the process installs the handlers, the first one of a thread gives it a stack
/// of its own for them, so that endless recursion is told, too.
#include <string>

namespace delstep {

class UserCode {
 public:
  /// Both outlive the object. `doing` completes "crashed in ...": "forward()".
  UserCode(const std::string& file, const char* doing);
  ~UserCode();
  UserCode(const UserCode&) = delete;
  UserCode& operator=(const UserCode&) = delete;

 private:
  const char* outer_file_;
  const char* outer_doing_;
};

}  // namespace delstep
