#pragma once
/// What a user or the world can make go wrong is a value: Result<T> holds a T or an Error whose
/// message says what happened and what to do. What only a bug can cause is an assert; asserts stay
/// on in every build. Nothing throws: exceptions of a library are caught where it is called.
///
/// A function that can fail, one that calls it, and a caller that wants to know:
///
///   Result<int> ParsePort(std::string_view text) {
///     if (text.empty()) return UsageError("no port is given", "write a number such as 8080");
///     return 8080;                                     // a T or an Error: both just convert
///   }
///   Result<void> Listen(std::string_view text) {
///     DELSTEP_ASSIGN(const int port, ParsePort(text));  // or returns ParsePort's error
///     DELSTEP_TRY(Open(port));                          // the same where there is no value
///     return {};                                        // done
///   }
///   if (auto done = Listen("8080"); !done) Print(done.error().message);
///
/// Why not exceptions? A reader sees in the signature that a function can fail, and at each call
/// what happens then. A command that fails must leave the run as it was; with every early return
/// visible, this can be checked by reading.
///
/// Dropping a Result is a warning of the compiler, and so an error of the build. Using the value of
/// a Result that holds an Error, or the error of one that holds a value, is a bug: assert.
///
/// What an error leaves behind is said where the function is declared. Unless it says otherwise,
/// a function that returns an Error has changed nothing.
#include <cassert>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace delstep {

/// What kind of error; the number is the exit code of the program. To choose one, ask in this
/// order: could the same words be right at another moment of the run (kRefused)? Is it the words
/// that are wrong (kUsage), a file (kFile), or what is installed (kUnavailable)? kInterrupted is
/// what a call returns whose `stop` was asked for. kExpectation and kTerminated come from the
/// console and the program alone.
enum class ErrorCode : int {
  kRefused = 1,        ///< well formed, but the state forbids it: unknown node, no neighbour, ...
  kUsage = 2,          ///< wrong whatever the state: unknown verb or key, bad number, wrong form
  kFile = 3,           ///< a file is missing, unreadable or bad
  kUnavailable = 4,    ///< this build or machine lacks the part
  kExpectation = 5,    ///< an `expect` did not hold
  kInterrupted = 130,  ///< stopped by Ctrl-C
  kTerminated = 143,   ///< stopped by SIGTERM
};

/// What went wrong, for a person to read. A caller may depend on `code` and `key` and on nothing
/// else: the texts change when a better wording is found.
///
/// A good message names the value, where it stands, and what is allowed; the hint says what to do
/// next. On the terminal this becomes `where`, "error:" and the message, and below them the hint:
///
///   exp.del:12:7: error: no node named '10.0.0.99'
///     hint: list the nodes: neighborhood
///
/// A hint must help whoever follows it word by word. If there is nothing true to say, leave it out.
/// A part deep inside knows the value but not where it was written. It names the configuration key
/// by About(), or leaves `where` empty; a caller that knows the place adds it with At().
struct Error {
  ErrorCode code = ErrorCode::kRefused;
  std::string message;  ///< one sentence, no final full stop: "no node named '10.0.0.99'"
  std::string where{};  ///< "exp.toml:12:7" when the error lies in a text, else empty
  std::string hint{};   ///< what to do, or "did you mean 'train'?"; may be empty
  std::string key{};    ///< "partition.alpha" if the value of a configuration key is to blame

  /// The same error, with the place it lies at: `BadFile("no closing brace").At("exp.del:12:7")`.
  Error At(std::string place) && {
    where = std::move(place);
    return std::move(*this);
  }
  /// The same error, with the configuration key whose value is to blame. The message names it too;
  /// who knows where the value was written (a file, the command line) finds it by the key.
  Error About(std::string configuration_key) && {
    key = std::move(configuration_key);
    return std::move(*this);
  }
};

// An Error in one word, by its code. The hint says what to do; it may be left out where the message
// leaves no doubt. Each takes the message first, and both texts by value: move what is built.

/// kRefused: the words are right, and the state of the run forbids it.
inline Error Refused(std::string message, std::string hint = {}) {
  return {ErrorCode::kRefused, std::move(message), {}, std::move(hint)};
}
/// kUsage: the words are wrong, in whatever state.
inline Error UsageError(std::string message, std::string hint = {}) {
  return {ErrorCode::kUsage, std::move(message), {}, std::move(hint)};
}
/// kFile. The message names the file, or its place comes by At().
inline Error BadFile(std::string message, std::string hint = {}) {
  return {ErrorCode::kFile, std::move(message), {}, std::move(hint)};
}
/// kUnavailable: this build or machine lacks the part. The hint says how to get it.
inline Error Unavailable(std::string message, std::string hint = {}) {
  return {ErrorCode::kUnavailable, std::move(message), {}, std::move(hint)};
}
/// kInterrupted: the work was stopped before its end. The message says what was done.
inline Error Interrupted(std::string message, std::string hint = {}) {
  return {ErrorCode::kInterrupted, std::move(message), {}, std::move(hint)};
}

/// A T or an Error. Made from either; moves as T moves. A value like any other: no thread may use
/// one while another changes it.
///
/// Ask before you take: `if (result)` or `if (!result)`, then `*result` or `result.error()`. Where
/// an error is simply handed on to the caller, the two macros below say the same in one line.
///
/// A Result owns its content. To take the content out instead of copying it, move the Result:
/// `std::move(result).value()`, `std::move(result).error()`. DELSTEP_ASSIGN does so.
template <class T>
class [[nodiscard]] Result {
 public:
  /// From whatever makes a T, and from an Error: so `return 8080;` and `return Refused(...);` both
  /// do in a function that returns a Result<int>. T must not be an Error itself.
  template <class U = T>
  requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error>) Result(U&& value)
      : content_(std::in_place_index<0>, std::forward<U>(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  /// Whether there is a value.
  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value; requires ok(). `*result` and `result->` are the same.
  T& value() & { return assert(ok()), *std::get_if<0>(&content_); }
  const T& value() const& { return assert(ok()), *std::get_if<0>(&content_); }
  T value() && { return assert(ok()), std::move(*std::get_if<0>(&content_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }  // by value: `for (x : *F())` is safe
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The error; requires !ok().
  const Error& error() const& { return assert(!ok()), *std::get_if<1>(&content_); }
  Error&& error() && { return assert(!ok()), std::move(*std::get_if<1>(&content_)); }

 private:
  std::variant<T, Error> content_;
};

/// Done, or an Error: the Result of functions that return nothing. `return {};` says done. It has
/// the same members as Result<T>, without those for the value.
template <>
class [[nodiscard]] Result<void> {
 public:
  /// Done.
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  /// Whether it is done. An Error means that it is not, or not wholly: see where the function is
  /// declared.
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  /// The error; requires !ok().
  const Error& error() const& { return assert(error_), *error_; }
  Error&& error() && { return assert(error_), std::move(*error_); }

 private:
  std::optional<Error> error_;
};

/// Returns the error of `expression` from the enclosing function, if there is one; its value is
/// dropped. The enclosing function returns a Result of any type. `expression` is evaluated once.
/// Use it for steps that must all succeed: what follows runs only if this one did.
#define DELSTEP_TRY(expression)                              \
  do {                                                       \
    if (auto delstep_result = (expression); !delstep_result) \
      return std::move(delstep_result).error();              \
  } while (false)

#define DELSTEP_CONCAT_INNER(a, b) a##b
#define DELSTEP_CONCAT(a, b) DELSTEP_CONCAT_INNER(a, b)
/// `DELSTEP_ASSIGN(auto x, F());` declares x with the value of F(), or returns F's error. The value
/// is moved, not copied, so that it works for a std::unique_ptr. Also
/// assigns to what exists: `DELSTEP_ASSIGN(x, F());`. It is three statements: after an `if` it
/// needs braces. A declaration with a comma outside parentheses needs a name of its type.
#define DELSTEP_ASSIGN(declaration, expression) \
  DELSTEP_ASSIGN_INNER(declaration, expression, DELSTEP_CONCAT(delstep_result_, __LINE__))
#define DELSTEP_ASSIGN_INNER(declaration, expression, result) \
  auto result = (expression);                                 \
  if (!result) return std::move(result).error();              \
  declaration = *std::move(result)

}  // namespace delstep
