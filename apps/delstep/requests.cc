#include "apps/delstep/requests.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace delstep {
namespace {

constexpr const char* kForm = R"(a request is one line: {"id":1,"cmd":"train; ag"})";

/// Takes the members as they are read, so that numbers stay as they were written, and the id is known
/// even if what follows is wrong. Each function returns whether to read on.
class RequestReader {
 public:
  Request Finish(bool whole, std::size_t zero) {
    if (!whole && !failed_) Fail("the line is no JSON object", kForm);
    if (!failed_ && zero != std::string_view::npos)
      Fail(fmt::format("the line is no JSON object: wrong at byte {}", zero + 1), kForm);
    if (!failed_) CheckMembers();
    request_.kind = failed_                    ? Request::Kind::kWrong
                    : seen_.contains("cancel") ? Request::Kind::kCancel
                                               : Request::Kind::kCommands;
    return std::move(request_);
  }

  bool start_object(std::size_t) { return depth_++ == 0 || Wrong("an object"); }
  bool end_object() {
    --depth_;
    return true;
  }
  bool key(std::string& name) {
    if (name != "id" && name != "cmd" && name != "cancel" && name != "progress")
      return Fail(fmt::format("a request has no member '{}'", name),
                  "members are id, cmd, progress; or cancel alone");
    if (!seen_.insert(name).second)
      return Fail(fmt::format("the request has '{}' twice", name), "give each member once");
    key_ = std::move(name);
    return true;
  }
  bool string(std::string& value) {
    if (key_ == "cmd" && depth_ == 1) {
      request_.commands = std::move(value);
      return true;
    }
    return Id(JsonString(value), "a string");
  }
  bool number_integer(nlohmann::json::number_integer_t value) {
    return Id(std::to_string(value), "a number");
  }
  bool number_unsigned(nlohmann::json::number_unsigned_t value) {
    return Id(std::to_string(value), "a number");
  }
  bool number_float(nlohmann::json::number_float_t, const std::string& written) {
    return Id(written, "a number");
  }
  bool boolean(bool value) {
    if (key_ != "progress" || depth_ != 1) return Wrong("a truth value");
    request_.progress = value;
    return true;
  }
  bool null() { return Wrong("null"); }
  bool binary(nlohmann::json::binary_t&) { return Wrong("binary data"); }
  bool start_array(std::size_t) { return Wrong("a list"); }
  bool end_array() { return true; }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    return Fail(fmt::format("the line is no JSON object: wrong at byte {}", position), kForm);
  }

 private:
  bool Fail(std::string message, std::string hint) {
    failed_ = true;
    request_.error = UsageError(std::move(message), std::move(hint));
    return false;
  }
  bool Wrong(const char* what) {
    if (depth_ == 0) return Fail(fmt::format("a request is an object, not {}", what), kForm);
    return Fail(fmt::format("'{}' of a request cannot be {}", key_, what),
                key_ == "cmd"        ? "cmd is a string of commands"
                : key_ == "progress" ? "progress is true or false"
                                     : key_ + " is a string or a number");
  }
  bool Id(std::string id, const char* what) {
    if (depth_ != 1 || (key_ != "id" && key_ != "cancel")) return Wrong(what);
    request_.id = std::move(id);
    return true;
  }
  void CheckMembers() {
    if (seen_.contains("cancel")) {
      if (seen_.size() > 1) Fail("cancel stands alone in its line", R"({"cancel":1})");
    } else if (!seen_.contains("id")) {
      Fail("the request has no id", kForm);
    } else if (!seen_.contains("cmd")) {
      Fail("the request has no cmd", kForm);
    }
  }

  Request request_;
  std::set<std::string> seen_;
  std::string key_;
  std::size_t depth_ = 0;
  bool failed_ = false;
};

}  // namespace

bool LooksLikeRequest(std::string_view line) { return Trim(line).starts_with('{'); }

Request ParseRequest(std::string_view line) {
  RequestReader reader;
  // The library takes a byte 0 for the end of the text.
  const std::size_t zero = line.find('\0');
  const bool whole = nlohmann::json::sax_parse(line.begin(), line.end(), &reader);
  return reader.Finish(whole, zero);
}

}  // namespace delstep
