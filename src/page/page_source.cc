#include "page/page_source.h"

#include <fmt/format.h>

#include "base/json.h"

namespace delstep {

PageAnswer PageRefusal(int status, std::string_view message, std::string_view hint) {
  return {.status = status,
          .body = fmt::format(R"({{"error":{{"message":{},"hint":{}}}}})", JsonString(message),
                              JsonString(hint))};
}

PageAnswer PageRefusal(const Error& error) {
  const int status = error.code == ErrorCode::kRefused ? 409
                     : error.code == ErrorCode::kFile  ? 404
                                                       : 400;
  return PageRefusal(status, error.message, error.hint);
}

PageAnswer NoSuchPath(std::string_view path) {
  return PageRefusal(404, fmt::format("there is nothing at '{}'", path.substr(0, 100)),
                     "docs/internals/page-server.md lists what there is");
}

}  // namespace delstep
