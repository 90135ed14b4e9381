#pragma once
/// What all parts have in common that a user brings as a C++ file: rules of aggregation
/// (own_aggregator.h) and behaviours (own_behaviour.h).
///
/// The file is compiled and kept as a learning module is (module_cache.h), and loaded into this
/// process. Between it and the core stands a guard that checks what a part promises. A built-in part
/// that breaks a promise is a bug of this program, and an assert ends it; a part of the user's makes
/// an error that names the file.
#include <fmt/format.h>

#include <cstdint>
#include <exception>
#include <string>

#include "base/user_code.h"
#include "delstep/result.h"
#include "user_models/module_cache.h"
#include "user_models/toolchain.h"

namespace delstep {

/// A kind of parts, as its header in include/delstep (aggregator_module.h) has it.
struct OwnPartKind {
  const Toolchain& toolchain;
  const char* symbol;       ///< that the file exports: "delstep_aggregator"
  const char* macro;        ///< that defines it: "DELSTEP_AGGREGATOR"
  std::uint32_t interface;  ///< of this program
};

/// The entry in the file: a C++ source, compiled unless it is in the cache, or a library ending in
/// .so, as it is. It is what `symbol` names, and begins with a std::uint32_t, its interface. Loading
/// the same file again is cheap and gives the same entry. Errors: those of CompileModule(), with
/// all that the compiler says; kFile for a library without an entry or of another interface.
Result<const void*> OpenOwnPart(const OwnPartKind& kind, const std::string& file, const Say& say);

/// Runs the user's code: what it throws is an error, and a crash names the file. `doing` completes
/// "crashed in ..." and "... throws": "DoWeigh()". `call` returns a Result.
template <class Call>
auto CallUserCode(const std::string& file, const char* doing, Call call) -> decltype(call()) {
  const UserCode running(file, doing);
  try {
    return call();
  } catch (const std::exception& error) {
    return Refused(fmt::format("{}: {} throws: {}", file, doing, error.what()));
  } catch (...) {
    return Refused(fmt::format("{}: {} throws something that is no std::exception", file, doing));
  }
}

/// The same for the user's constructor, which throws at values of the scenario: these are wrong
/// whatever the state, so that is kUsage.
template <class Call>
auto ConstructUserCode(const std::string& file, Call call) -> decltype(call()) {
  auto made = CallUserCode(file, "its constructor", call);
  if (!made) return UsageError(made.error().message, made.error().hint);
  return made;
}

}  // namespace delstep
