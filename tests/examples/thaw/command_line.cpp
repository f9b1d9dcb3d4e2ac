// SPDX-License-Identifier: Apache-2.0
// The command line as people write it: other spellings are understood, slips are named with what may be meant.
#include "examples/thaw/command_line.h"

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>

#include "examples/number_options.h"
#include "examples/thaw/commands.h"

using namespace thaw;

namespace {

using Words = std::vector<std::string>;

// The arguments in their own names, by those of the program; or the line of the error.
Words own(const Words& arguments) {
  CLI::App app("", "thaw");
  add_finetune(app);
  add_predict(app);
  add_generate(app);
  add_inspect(app);
  try {
    return in_own_names(app, arguments);
  } catch (const CLI::ParseError& error) {
    return {error.what()};
  }
}

std::string error_of(const Words& arguments) {
  const Words words = own(arguments);
  return words.size() == 1 ? words[0] : "no error";
}

// The line of the error when `text` is given to an option.
template <typename Add>
std::string error_of_value(const std::string& text, Add add) {
  CLI::App app("", "thaw");
  add(app);
  try {
    app.parse(Words{text, "--x"});  // CLI11 takes them in reverse
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("command line: underscores and the Trainer's names") {
  CHECK(own({"finetune", "--learning_rate", "1"}) == Words{"finetune", "--learning-rate", "1"});
  CHECK(own({"finetune", "--max_steps=3"}) == Words{"finetune", "--max-steps=3"});
  CHECK(own({"finetune", "--max-steps", "3"}) == Words{"finetune", "--max-steps", "3"});
  CHECK(own({"finetune", "--per_device_train_batch_size", "8"}) == Words{"finetune", "--batch-size", "8"});
  CHECK(own({"predict", "--per_device_eval_batch_size", "8"}) == Words{"predict", "--batch-size", "8"});
  CHECK(own({"finetune", "--model_name_or_path", "m_x"}) == Words{"finetune", "--model", "m_x"});
  CHECK(own({"finetune", "--max-seq-length=9"}) == Words{"finetune", "--max-length=9"});
  CHECK(own({"finetune", "--evaluation_strategy", "no"}) == Words{"finetune", "--eval-strategy", "no"});
  CHECK(own({"finetune", "--load_best_model_at_end", "True", "--resume", "--seed", "1"}) ==
        Words{"finetune", "--load-best-model-at-end=true", "--resume", "--seed", "1"});
  CHECK(own({"inspect", "m_d", "--names_only"}) == Words{"inspect", "m_d", "--names-only"});
  CHECK(own({"inspect", "--names_only", "true"}) == Words{"inspect", "--names-only", "true"});  // a path
}

TEST_CASE("command line: values stay as they are") {
  CHECK(own({"finetune", "--label-separator", "--_--"}) == Words{"finetune", "--label-separator", "--_--"});
  CHECK(own({"finetune", "--text_column=a_b=c"}) == Words{"finetune", "--text-column=a_b=c"});
  CHECK(own({"finetune", "--max-steps", "-1"}) == Words{"finetune", "--max-steps", "-1"});
  CHECK(own({"predict", "-", "--", "--max_steps"}) == Words{"predict", "-", "--", "--max_steps"});
}

TEST_CASE(
    "command line: a flag is true or false, whatever it is a flag of; texts are UTF-8, names of files are bytes") {
  for (const char* flag : {"--do-sample", "--truncate"}) {
    CHECK(own({"generate", flag + std::string("=FALSE")}) == Words{"generate", flag + std::string("=false")});
    for (const char* wrong : {"maybe", "2", "99999999999999999999", "on", "-"})
      CHECK(error_of({"generate", flag + std::string("=") + wrong}) ==
            std::string(flag) + ": true or false was expected, not \"" + wrong + "\"");
  }
  CHECK(error_of({"finetune", "--resume=yes"}) == "--resume: true or false was expected, not \"yes\"");
  for (const char* wrong : {"yes", "1", ""})
    CHECK(error_of({"finetune", "--resume", wrong}) ==
          std::string("--resume: true or false was expected, not \"") + wrong + "\"");
  CHECK(error_of({"finetune", "--resume", "True", "b"}).find("\"b\": not expected here") == 0);
  CHECK(error_of({"finetune", "--resume", "--max-steps", "1", "b"}).find("\"b\": not expected here") == 0);
  CHECK(error_of({"generate", "--source-prefix", "a\xFF"}) ==
        "--source-prefix: byte 2 of \"a\\xff\" is not valid UTF-8");
  CHECK(error_of({"generate", "--target-prefix=\xC3"}).starts_with("--target-prefix: byte 1 of "));
  CHECK(own({"generate", "--bad-words-file", "\xFF", "--model", "\xFF"}).size() == 5);
  CHECK(own({"generate", ""}) == Words{"generate", "--", ""});  // a text that is empty
  CHECK(error_of({"predict", ""}) == "\"\": empty: the name of a file or directory was expected");
}

TEST_CASE("command line: help is given whatever else is wrong") {
  CHECK(own({"finetune", "--no-such", "--help"}) == Words{"finetune", "--help"});
  CHECK(own({"finetun", "-h"}) == Words{"--help"});
  CHECK(own({"generate", "--", "--help"}) == Words{"generate", "--", "--help"});  // a prompt
  CHECK(own({"generate", "a", "--seed", "1", "--", "-b"}) == Words{"generate", "--seed", "1", "--", "a", "-b"});
  const std::string one = std::string("[a, b]") + no_list;
  CHECK(own({"generate", "[a, b]", "--", "[a, b]"}) == Words{"generate", "--", one, one});
}

TEST_CASE("command line: slips are named with what may be meant") {
  CHECK(error_of({"finetune", "--learnig-rate", "1"}).find("--learnig-rate: not known; near: --learning-rate (") == 0);
  CHECK(error_of({"finetune", "--learnig_rate=1"}).find("--learnig_rate: not known; near: --learning-rate (") == 0);
  CHECK(error_of({"finetune", "--batch"}).find("; near: --patch, --batch-size") != std::string::npos);
  CHECK(error_of({"finetune", "--xyzzy"}) == "--xyzzy: not known (`thaw finetune --help` lists the options)");
  CHECK(error_of({"predict", "--train-file", "x"}).find("an option of: finetune") != std::string::npos);
  CHECK(error_of({"--model", "x", "finetune"}).find("--model: an option comes after the subcommand") == 0);
  CHECK(error_of({"finetun"}) == "finetun: not a subcommand; near: finetune");
  CHECK(error_of({"paint"}) == "paint: not a subcommand; there are: finetune, predict, generate, inspect");
  CHECK(error_of({"finetune", "--do_train"}) == "--do_train: not an option here: finetune always trains");
  CHECK(error_of({"finetune", "--per_device_eval_batch_size", "8"}).find("evaluation takes --batch-size") !=
        std::string::npos);
  CHECK(error_of({"finetune", "-x"}).find("-x: not known") == 0);
  CHECK(error_of({"finetune", "--"}) == "no error");
  CHECK(error_of({"finetune", "---"}) == "---: not known (`thaw finetune --help` lists the options)");
  CHECK(error_of({"finetune", "bert.1.x"}).find("\"bert.1.x\": not expected here") == 0);
  CHECK(error_of({"finetune", "--max-steps"}) == "--max-steps: a value is missing");
  CHECK(error_of({"finetune", "--max_steps", "--seed", "3"}) == "--max-steps: a value is missing before --seed");
  CHECK(error_of({"finetune", "--max-steps="}) == "--max-steps: a value is missing after =");
  CHECK(error_of({"finetune", "--" + std::string(100000, 'x')}).size() < 200);
}

TEST_CASE("command line: numbers are read strictly, and what was expected is said shortly") {
  int64_t whole = 7;
  double number = 7;
  uint64_t seed = 7;
  const auto count = [&](CLI::App& app) { add_number(app, "--x", whole, {.least = 1}, ""); };
  const auto few = [&](CLI::App& app) { add_number(app, "--x", whole, {.least = 1, .most = 9}, ""); };
  const auto rate = [&](CLI::App& app) { add_number(app, "--x", number, NumberRange{}, ""); };
  const auto share = [&](CLI::App& app) { add_number(app, "--x", number, NumberRange{.most = 1}, ""); };
  const auto above = [&](CLI::App& app) { add_number(app, "--x", number, NumberRange{.above = true}, ""); };
  const auto any = [&](CLI::App& app) { add_number(app, "--x", seed, ""); };
  for (const char* wrong : {"0", "-1", "2.5", "1e3", "0x10", "1_000", "", " 3", "3 ", "nan"})
    CHECK(error_of_value(wrong, count) ==
          std::string("--x: a whole number of at least 1 was expected, not \"") + wrong + "\"");
  CHECK(error_of_value("10", few) == "--x: a whole number from 1 to 9 was expected, not \"10\"");
  for (const char* wrong : {"-1e-9", "2e-5,", "0,1", "nan", "-inf", "-nan", "-1e999", "fast", "1 2", "+-3", "", "1f"})
    CHECK(error_of_value(wrong, rate) ==
          std::string("--x: a number of at least 0 was expected, not \"") + wrong + "\"");
  CHECK(error_of_value("99999999999999999999", count) ==
        "--x: \"99999999999999999999\" is too large: a whole number from 1 to 1000000000000 was expected");
  for (const char* large : {"inf", "1e999", "1e39"})
    CHECK(error_of_value(large, rate) ==
          std::string("--x: \"") + large + "\" is too large: a number from 0 to 3.40282e+38 was expected");
  CHECK(error_of_value("1.01", share) == "--x: a number from 0 to 1 was expected, not \"1.01\"");
  CHECK(error_of_value("0", above) == "--x: a number above 0 was expected, not \"0\"");
  CHECK(error_of_value("-1", any) != "");
  CHECK(error_of_value(std::string(1000, '9') + "\n", rate).size() < 150);
  CHECK(whole == 7);
  CHECK(number == 7);
  CHECK(seed == 7);
  CHECK(error_of_value("010", count) == "");
  CHECK(whole == 10);
  CHECK(error_of_value("+5E-5", rate) == "");
  CHECK(number == 5e-5);
  CHECK(error_of_value("18446744073709551615", any) == "");
  CHECK(seed == 18446744073709551615u);
  const auto choice = [&](CLI::App& app) { add_choice<int64_t>(app, "--x", whole, {{"a", 1}, {"b", 2}}, ""); };
  CHECK(error_of_value("c", choice) == "--x: one of a, b was expected, not \"c\"");
  CHECK(error_of_value("b", choice) == "");
  CHECK(whole == 2);
}
