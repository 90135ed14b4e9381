#pragma once
/// What a page's server serves: a session, or the record of a run. HTTP is the business of
/// http_server.h; here are questions and answers.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delstep/result.h"
#include "page/access.h"

namespace delstep {

struct PageQuestion {
  std::string path;  ///< "/api/state"
  std::map<std::string, std::string, std::less<>> parameters;
  std::string body;  ///< of a POST
  Rights rights = Rights::kWatch;
  std::string client;  ///< what a page calls itself, a random text; may be empty
  std::string from{};  ///< the number of the address that asks

  /// Null: it is not given.
  const std::string* Find(std::string_view parameter) const {
    const auto found = parameters.find(parameter);
    return found == parameters.end() ? nullptr : &found->second;
  }
};

struct PageAnswer {
  static constexpr std::string_view kJson = "application/json; charset=utf-8";

  int status = 200;
  std::string body{};
  std::string type{kJson};
};
/// {"error":{"message":...,"hint":...}}
PageAnswer PageRefusal(int status, std::string_view message, std::string_view hint = {});
/// The same of an Error, which is 409 for kRefused, 404 for kFile, else 400.
PageAnswer PageRefusal(const Error& error);
PageAnswer NoSuchPath(std::string_view path);

/// Threads: any, at the same time. Rights have been checked as far as they depend on the path:
/// commands come from those alone who may command.
class PageSource {
 public:
  virtual ~PageSource() = default;

  virtual PageAnswer Get(const PageQuestion& question) = 0;
  virtual PageAnswer Post(const PageQuestion& question) = 0;
  /// Address and name of up to 200 nodes, for the text of the page.
  virtual std::vector<std::pair<std::string, std::string>> NodesInText() const = 0;
};

}  // namespace delstep
