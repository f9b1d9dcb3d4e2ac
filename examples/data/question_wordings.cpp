// SPDX-License-Identifier: Apache-2.0
// The tables of wordings. The last questions of each table are for the test alone (debian_questions.h).
#include "examples/data/question_wordings.h"

#include <array>

namespace thaw {
namespace {

template <size_t n>
using Table = std::array<std::string_view, n>;

constexpr Table<5> tell_purpose = {
    "{who}: {value}.",
    "{who} is described as {value}.",
    "In one line, {who} is {value}.",
    "The package {who} is for this: {value}.",
    "What {who} is, in short: {value}.",
};
constexpr Table<12> ask_purpose = {
    "What is {package}?",
    "What is {package} described as?",
    "How is {package} described in one line?",
    "What is the package {package} for?",
    "What is {package}, in short?",
    "What kind of package is {package}?",
    "What does one get with {package}?",
    "What is the short description of {package}?",
    "What would one install {package} for?",
    "What does the text say that {package} is?",
    "In a few words, what is {package}?",
    "Why would anyone want {package}?",
};
constexpr Table<8> which_purpose = {
    "Which package is described as {value}?",
    "What is the name of the package that is described as {value}?",
    "Which of the packages is {value}?",
    "What should one install to have this: {value}?",
    "Which package is for this: {value}?",
    "Which name belongs to this description: {value}?",
    "What is called {value}?",
    "Under which name does one find this: {value}?",
};

constexpr Table<6> tell_maintainer = {
    "{who} is maintained by {value}.",
    "{value} maintains {who}.",
    "{whose} maintainer is {value}.",
    "{value} takes care of {who} in Debian.",
    "In Debian, {who} is in the hands of {value}.",
    "It is {value} who looks after {who}.",
};
constexpr Table<12> ask_maintainer = {
    "Who maintains {package}?",
    "Who is the maintainer of {package}?",
    "Who takes care of {package} in Debian?",
    "Who looks after {package}?",
    "By whom is {package} maintained?",
    "Who is responsible for {package}?",
    "Who should be told of faults in {package}?",
    "Which person or team maintains {package}?",
    "What is the name of {package}'s maintainer?",
    "In whose hands is {package}?",
    "Who does the packaging of {package}?",
    "To whom would one write about {package}?",
};
constexpr Table<8> which_maintainer = {
    "Which package is maintained by {value}?",   "What does {value} maintain?",
    "Which package does {value} look after?",    "Of which package is {value} the maintainer?",
    "Which package is in the hands of {value}?", "What is {value} responsible for?",
    "Which package does {value} take care of?",  "Which package would {value} be asked about?",
};

constexpr Table<6> tell_version = {
    "{who} is at version {value}.",
    "{whose} version is {value}.",
    "Debian 12 has version {value} of {who}.",
    "Version {value} of {who} is in the archive.",
    "{who} has the version number {value}.",
    "The release brings {who} in version {value}.",
};
constexpr Table<12> ask_version = {
    "Which version of {package} is in the archive?",
    "What is the version of {package}?",
    "At which version is {package}?",
    "Which version does {package} have?",
    "What is {package}'s version number?",
    "Which version of {package} does Debian 12 have?",
    "In which version does {package} come?",
    "How is the packaged version of {package} numbered?",
    "What version would one get of {package}?",
    "Which release of {package} is packaged?",
    "How new is {package}, by its version?",
    "What does {package} report as its version?",
};
constexpr Table<7> which_version = {
    "Which package is at version {value}?",
    "Which package has the version number {value}?",
    "What comes in version {value}?",
    "Of which package is {value} the version?",
    "Whose version is {value}?",
    "Which of the packages has version {value}?",
    "What is numbered {value}?",
};

constexpr Table<6> tell_homepage = {
    "{whose} homepage is {value} on the web.", "{who} has a homepage at {value} for its users.",
    "More about {who} is told at {value}.",    "On the web, {who} lives at {value}.",
    "Upstream presents {who} at {value}.",     "See {value} for news of {who}.",
};
constexpr Table<12> ask_homepage = {
    "What is the homepage of {package}?",
    "Where does {package} have its homepage?",
    "At which address is the homepage of {package}?",
    "Where on the web is {package} presented?",
    "What is {package}'s web site?",
    "Where can one read more about {package}?",
    "Which web page tells more about {package}?",
    "At which URL does {package} live?",
    "What is the URL of {package}?",
    "Where does upstream present {package}?",
    "Which address leads to the site of {package}?",
    "Where would one look for news of {package}?",
};
constexpr Table<6> which_homepage = {
    "Which package has the homepage {value}?",
    "What is presented at {value}?",
    "Whose homepage is {value}?",
    "Which package lives at {value}?",
    "About which package does {value} tell?",
    "What does one find at {value}?",
};

constexpr Table<6> tell_section = {
    "{who} belongs to the section {value}.", "{who} is filed under {value}.",
    "{whose} section is {value}.",           "In the archive, {who} is in the section {value}.",
    "Debian sorts {who} into {value}.",      "Under {value} one finds {who} in the archive.",
};
constexpr Table<12> ask_section = {
    "To which section does {package} belong?",
    "What is the section of {package}?",
    "In which section is {package}?",
    "Where is {package} filed?",
    "Under what is {package} filed?",
    "Which section of the archive holds {package}?",
    "In which part of the archive is {package}?",
    "Into which section does Debian sort {package}?",
    "What is {package}'s section?",
    "Which section would one search for {package}?",
    "Among which packages does Debian count {package}?",
    "Where does {package} stand in the archive?",
};
constexpr Table<6> which_section = {
    "Which package belongs to the section {value}?",
    "Which of the packages is filed under {value}?",
    "What is in the section {value}?",
    "Which package does Debian sort into {value}?",
    "Whose section is {value}?",
    "What does one find under {value}?",
};

constexpr Table<6> tell_size = {
    "Installed, {who} takes {value}.",          "{who} needs {value} on the disk.",
    "{whose} installed size is {value}.",       "The files of {who} fill {value}.",
    "{who} takes up {value} once it is there.", "One needs {value} of disk for {who}.",
};
constexpr Table<12> ask_size = {
    "How large is {package}?",
    "How much disk does {package} need?",
    "What is the installed size of {package}?",
    "How much room does {package} take?",
    "How big is {package} when it is installed?",
    "How much space is needed for {package}?",
    "What is {package}'s size?",
    "How much do the files of {package} fill?",
    "How many kilobytes does {package} take?",
    "What does {package} take up on the disk?",
    "How much of the disk goes to {package}?",
    "Of which size is {package}?",
};
constexpr Table<6> which_size = {
    "Which package takes {value}?", "Which package needs {value} on the disk?",     "Whose installed size is {value}?",
    "What fills {value}?",          "Which of the packages has a size of {value}?", "What is {value} large?",
};

constexpr Table<6> tell_needs = {
    "{who} depends on {value}.",
    "{who} needs {value} to run.",
    "To work, {who} wants {value}.",
    "{value} must be there for {who}.",
    "Apt installs {value} along with {who}.",
    "Without {value} there is no {who}.",
};
constexpr Table<12> ask_needs = {
    "What does {package} depend on?",
    "On what does {package} depend?",
    "What are the dependencies of {package}?",
    "What must be installed for {package}?",
    "What does {package} need to run?",
    "Which packages does {package} need?",
    "What is installed along with {package}?",
    "What does {package} require?",
    "What has to be there before {package} works?",
    "What does {package} want to work?",
    "Without what does {package} not run?",
    "Which others come with {package}?",
};
constexpr Table<6> which_needs = {
    "Which package depends on {value}?",
    "Which package needs {value} to run?",
    "What must {value} be installed for?",
    "Which of the packages requires {value}?",
    "With which package does apt install {value}?",
    "What does not run without {value}?",
};

constexpr Table<6> tell_source = {
    "{who} is built from the source package {value}.",
    "{whose} source package is {value}.",
    "The source package {value} builds {who}.",
    "{who} comes from the source {value}.",
    "Whoever builds {value} gets {who}.",
    "The code of {who} is in the source package {value}.",
};
constexpr Table<12> ask_source = {
    "From which source package is {package} built?",
    "What is the source package of {package}?",
    "Which source package builds {package}?",
    "From what is {package} built?",
    "Where does the code of {package} come from?",
    "Which source does {package} come from?",
    "What is {package}'s source package?",
    "In which source package is the code of {package}?",
    "What must be built to get {package}?",
    "Which source package does {package} belong to?",
    "What would one fetch as the source of {package}?",
    "Out of which source is {package} made?",
};
constexpr Table<6> which_source = {
    "Which package is built from the source package {value}?",
    "What does the source package {value} build?",
    "Which package comes from the source {value}?",
    "What does one get by building {value}?",
    "Whose source package is {value}?",
    "What is made out of the source {value}?",
};

constexpr std::array<Wordings, relation_count> all_wordings = {{
    {tell_purpose, ask_purpose, which_purpose},
    {tell_maintainer, ask_maintainer, which_maintainer},
    {tell_version, ask_version, which_version},
    {tell_homepage, ask_homepage, which_homepage},
    {tell_section, ask_section, which_section},
    {tell_size, ask_size, which_size},
    {tell_needs, ask_needs, which_needs},
    {tell_source, ask_source, which_source},
}};

}  // namespace

const Wordings& wordings(Relation relation) { return all_wordings.at(static_cast<size_t>(relation)); }

std::string filled(std::string wording, std::string_view place, std::string_view text) {
  for (auto at = wording.find(place); at != std::string::npos; at = wording.find(place, at + text.size()))
    wording.replace(at, place.size(), text);
  return wording;
}

}  // namespace thaw
