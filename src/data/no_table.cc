#include "data/no_table.h"

#include <algorithm>
#include <span>
#include <string>

#include "base/text.h"
#include "data/csv_field.h"

namespace delstep {
namespace {

/// A number, then pairs such as 3:0.5.
bool IsLibsvm(std::string_view line) {
  const auto words = Split(line, ' ');
  if (words.size() < 2 || !ParseFeature(words[0])) return false;
  return std::ranges::all_of(std::span(words).subspan(1), [](std::string_view word) {
    const std::size_t colon = word.find(':');
    return colon != word.npos && AreDigits(word.substr(0, colon)) &&
           ParseFeature(word.substr(colon + 1));
  });
}

}  // namespace

Result<void> RefuseNoTable(const CsvRecords& records, std::string_view label) {
  const std::string_view first = Trim(records.fields().front());
  const std::string lower = Lower(first.substr(0, 20));
  if (lower.starts_with("<?xml") || lower.starts_with("<error"))
    return records.Wrong("this is XML and no table",
                         "a download that failed often leaves an error in XML: look into the "
                         "file, and fetch it again");
  if (lower.starts_with("@relation") || lower.starts_with("% ") || lower == "%")
    return records.Wrong("this is a file of Weka (ARFF) and no table",
                         "in Python: pandas.DataFrame(scipy.io.arff.loadarff(FILE)[0])"
                         ".to_csv('table.csv', index=False)");
  if (lower.starts_with('{') || lower.starts_with('['))
    return records.Wrong("this is JSON and no table",
                         "in Python: pandas.read_json(FILE).to_csv('table.csv', index=False)");
  if (lower.starts_with('#')) {
    const bool is_header = Trim(first.substr(1)) == label;
    return records.Wrong("the first line is a comment, expected the names of columns",
                         is_header
                             ? "leave out the # before the names: sed '1s/^# *//' FILE > NEW"
                             : "leave out the lines that begin with #: grep -v '^#' FILE > NEW");
  }
  if (IsLibsvm(first))
    return records.Wrong("this is a file of LIBSVM (label, then number:value) and no table",
                         "in Python: x, y = sklearn.datasets.load_svmlight_file(FILE); "
                         "numpy.savez('set.npz', x=x.toarray(), y=y)");
  return {};
}

}  // namespace delstep
