#pragma once
/// Who may ask the page's server for something, and for what.
///
/// The server listens on an address of this machine, where every program and every page of a
/// browser can reach it. Three checks keep others out; each of them alone would leave a gap.
///
///   token    128 random bits, told to the person at the terminal: other users of the machine do
///            not know it
///   Host     an address that was served: a foreign page whose name leads here (DNS rebinding) has
///            its own name there
///   Origin   empty, or a page of ours: a foreign page cannot make a browser act for it
///
/// Pure functions of text, but for MakeTokens(). Threads: any.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"

namespace delstep {

enum class Rights {
  kNone,
  kWatch,    ///< looks, and votes
  kCommand,  ///< everything
};
std::string_view Name(Rights rights);  // "none", "watch", "command"

/// In hex, 32 digits each, and different.
struct PageTokens {
  std::string command, watch;
};
/// Out of the system's random numbers. Errors: kUnavailable, if it has none.
Result<PageTokens> MakeTokens();

/// Takes equally long wherever the first difference is, so that nobody can guess a token digit by
/// digit. Texts of different lengths differ at once.
bool SameSecret(std::string_view a, std::string_view b);

class Access {
 public:
  /// `bound` is the address that the server listens on, "127.0.0.1" or the one of --page-bind;
  /// `shown` the one that others can reach it by: the same, unless `bound` stands for all addresses
  /// of the machine.
  struct Place {
    std::string bound, shown;
    int port = 0;
  };
  Access(PageTokens tokens, Place place);

  /// What a request says of itself. Headers that come several times are joined by nobody: how often
  /// they came is told.
  struct Asked {
    std::string_view host{}, origin{}, token{};
    std::size_t hosts = 1, origins = 0;
  };
  struct Verdict {
    Rights rights = Rights::kNone;
    std::string message, hint;  ///< why there are none
  };
  Verdict Judge(const Asked& asked) const;

  /// Whether the token of commands stands where tokens do in the head of a request. A guess, for
  /// whoever has to choose whom to serve first; Judge() decides.
  bool LooksLikeCommand(std::string_view head) const;
  /// "http://127.0.0.1:8642/?token=..." of a right.
  std::string Address(Rights rights) const;
  const Place& place() const { return place_; }

 private:
  bool IsOurs(std::string_view host) const;

  PageTokens tokens_;
  Place place_;
  std::vector<std::string> hosts_;
};

}  // namespace delstep
