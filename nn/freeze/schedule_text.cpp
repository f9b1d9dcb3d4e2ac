// SPDX-License-Identifier: Apache-2.0
// Schedules as text.
#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "nn/freeze/freeze_schedule.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

using Words = std::vector<std::string>;

constexpr int64_t most = 1'000'000'000;

Words words_of(const std::string& line) {
  std::istringstream in(line.substr(0, line.find('#')));
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// -1: it is no number from 1 to `most`.
int64_t count_of(const std::string& text) {
  int64_t count = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && stop == text.data() + text.size() && count > 0 && count <= most ? count : -1;
}

FreezeTime time_of(const Words& words) {
  const int64_t count = words.size() == 3 ? count_of(words[2]) : -1;
  check(count > 0 && (words[1] == "epoch" || words[1] == "step" || words[1] == "stall"),
        "expected \"from epoch N\", \"from step N\" or \"from stall N\": when N of them are done");
  if (words[1] == "stall") return {FreezeTime::Unit::stall, count};
  return {words[1] == "step" ? FreezeTime::Unit::step : FreezeTime::Unit::epoch, count};
}

FreezeTime period_of(const Words& words) {
  const bool steps = words.size() == 4 && words[1] == "every" && words[3] == "steps" && count_of(words[2]) > 0;
  check(steps || words == Words{"unfreeze", "every", "epoch"} || words == Words{"unfreeze", "every", "stall"},
        "expected \"unfreeze every epoch\", \"unfreeze every stall\" or \"unfreeze every N steps\"");
  return FreezeSchedule::period(words[2]);
}

}  // namespace

FreezeSchedule FreezeSchedule::parse(std::string_view text, const std::string& origin) {
  FreezeSchedule schedule;
  std::optional<FreezeTime> time;  // of the section that is read
  FreezeMask rules;
  std::string place, begun;  // where the line stands, and the section's first
  const auto at = [&origin](const std::string& where, const auto& act) {
    try {
      act();
    } catch (const std::exception& error) {
      const std::string said = error.what();
      fail("{}{}", said.starts_with(origin + ":") ? "" : where, said);
    }
  };
  const auto end_section = [&] {
    if (time) at(begun, [&] { schedule.from(*time, rules); });
    rules = {};
  };
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  std::istringstream lines{std::string(text)};
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    place = fmt::format("{}:{}: ", origin, ++number);
    const Words words = words_of(line);
    if (words.empty()) continue;
    if (words[0] == "from") {
      end_section();
      at(place, [&] { time = time_of(words); });
      begun = place;
    } else if (words[0] == "unfreeze") {
      at(place, [&] {
        check(!time, "unfreezing cannot be gradual and have sections (\"{}\")", time ? time->to_text() : "");
        check(!schedule.period_, "\"unfreeze\" stands here a second time");
        schedule.unfreeze_every(period_of(words));
      });
    } else {
      (time ? rules : schedule.start_).add(line, place);
    }
  }
  end_section();
  return schedule;
}

FreezeSchedule FreezeSchedule::read(const std::filesystem::path& path) {
  return parse(read_rules(path), path.string());
}

FreezeTime FreezeSchedule::period(const std::string& text) {
  if (text == "epoch") return {FreezeTime::Unit::epoch, 1};
  if (text == "stall") return {FreezeTime::Unit::stall, 1};
  const int64_t count = count_of(text);
  check(count > 0, "{}: expected \"epoch\", \"stall\" or a number of steps", quote(text));
  return {FreezeTime::Unit::step, count};
}

FreezeSchedule& FreezeSchedule::add_at_start(std::string_view line) {
  start_.add(line);
  return *this;
}

std::string FreezeSchedule::to_text() const {
  std::string text = start_.to_text();
  for (const Section& section : sections_) {
    text += section.from.to_text() + "\n";
    for (const FreezeRule& rule : section.rules.rules()) text += rule.to_text() + "\n";
  }
  if (!period_) return text;
  if (period_->unit == FreezeTime::Unit::step) return text + fmt::format("unfreeze every {} steps\n", period_->count);
  check(period_->count == 1, "gradual unfreezing every {} epochs or stalls has no text", period_->count);
  return text + (period_->unit == FreezeTime::Unit::epoch ? "unfreeze every epoch\n" : "unfreeze every stall\n");
}

}  // namespace thaw
