// The reader of LEAF's JSON files: no input may crash it, and what it accepts is whole.
#include <cstdint>
#include <cstdlib>

#include "data/leaf_file.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  delstep::MemorySource source("input", {data, size});
  delstep::LeafContent content;
  const auto read = delstep::ReadLeafFile(source, content);
  if (!read) {
    Check(read.error().code == delstep::ErrorCode::kFile && !read.error().message.empty());
    return 0;
  }
  const std::size_t examples = content.labels.size();
  Check(content.sources.size() == examples);
  Check(content.values.size() + content.characters.size() == examples * content.example_size);
  Check(content.values.empty() || content.characters.empty());
  for (const std::uint32_t source_of : content.sources)
    Check(source_of < content.source_names.size());
  const bool text = content.kind == delstep::LeafContent::Kind::kText;
  for (const std::int32_t label : content.labels) {
    Check(label >= 0 && label < delstep::kMostLeafClasses);
    Check(!text || static_cast<std::size_t>(label) < content.counts.size());
  }
  for (const std::uint32_t character : content.characters) Check(character < content.counts.size());
  return 0;
}
