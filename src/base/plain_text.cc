#include "base/plain_text.h"

#include <algorithm>

#include "base/file_kind.h"
#include "base/utf8.h"

namespace delstep {

Result<std::string> PlainText(std::string bytes, const std::filesystem::path& path) {
  if (auto other = OtherKind(bytes, path.string())) return *std::move(other);
  if (auto no_text = NoText(bytes, path.string())) return *std::move(no_text);
  if (bytes.starts_with(kByteOrderMark)) bytes.erase(0, kByteOrderMark.size());
  if (bytes.find('\n') == std::string::npos) std::ranges::replace(bytes, '\r', '\n');
  return bytes;
}

}  // namespace delstep
