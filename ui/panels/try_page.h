// SPDX-License-Identifier: GPL-3.0-or-later
// Try: a conversation with the base, a tuned adapter and a second one side by side, with one seed; what was sent, how sure each token was,
// and how strong the adapter is. Usable while a run goes on: it answers between two steps. Main thread only.
#pragma once

#include <QPlainTextEdit>

#include "ui/models/conversation.h"
#include "ui/models/draft.h"
#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;
class QSlider;
class QStackedWidget;
class QVBoxLayout;

namespace weft::ui {

class AdapterChooser;
class AnswerView;
class ElidedLabel;
class SettingForm;
class StateLabel;

// One turn: the prompt, and the answers side by side.
class TurnView final : public QWidget {
  Q_OBJECT
 public:
  TurnView(Theme& theme, const Turn& turn, QWidget* parent);
  void show(int answer, const Answer& state);      // everything but the tokens that are being written
  void add(int answer, const GeneratedToken& token);
  void markUnsure(bool on);
  [[nodiscard]] AnswerView* view(int answer) { return m_columns[static_cast<std::size_t>(answer)].text; }
  [[nodiscard]] QPushButton* sentButton(int answer) { return m_columns[static_cast<std::size_t>(answer)].sent; }
  [[nodiscard]] QString sentText(int answer) const;  // what stands there, "" while it is hidden

 Q_SIGNALS:
  void tokenReached(const QString& text);

 private:
  struct Column {
    StateLabel* state;
    AnswerView* text;
    ElidedLabel* facts;
    QLabel* prompt;
    QPushButton* sent;
  };
  std::vector<Column> m_columns;
};

class TryPage final : public QWidget {
  Q_OBJECT
 public:
  TryPage(Theme& theme, Draft& draft, RunDesk& desk, QWidget* parent);
  void chooseRun(RunId run);
  void openFolder(const QString& path);
  void send();

  [[nodiscard]] Conversation& conversation() { return m_conversation; }
  [[nodiscard]] AdapterChooser* first() { return m_first; }
  [[nodiscard]] AdapterChooser* second() { return m_second; }
  [[nodiscard]] QCheckBox* base() { return m_base; }
  [[nodiscard]] QSlider* strength() { return m_strength; }
  [[nodiscard]] QPlainTextEdit* prompt() { return m_prompt; }
  [[nodiscard]] QPushButton* sendButton() { return m_send; }
  [[nodiscard]] QPushButton* stopButton() { return m_stop; }
  [[nodiscard]] SettingForm* settings() { return m_settings; }
  [[nodiscard]] const std::vector<TurnView*>& turns() const { return m_turns; }
  [[nodiscard]] QString sentence() const;          // what stands where the answers are, while there are none

 Q_SIGNALS:
  void sampleWanted();
  void setupWanted();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeChooser(Theme& theme);
  QWidget* makeBoard(Theme& theme);
  void refresh();                                  // who can be asked, and what keeps from asking
  [[nodiscard]] std::vector<Speaker> speakers() const;
  void addTurn();
  void scrollToEnd();

  Theme& m_theme;
  Draft& m_draft;
  RunDesk& m_desk;
  Conversation m_conversation;
  AdapterChooser *m_first, *m_second;
  QCheckBox *m_base, *m_unsure;
  QSlider* m_strength;
  QLabel *m_strengthText, *m_title, *m_sentence;
  ElidedLabel* m_note;
  QComboBox* m_template;
  SettingForm* m_settings;
  SettingValues m_values;
  QStackedWidget* m_stack;                         // the sentence, or the turns
  QPushButton *m_way, *m_clear, *m_send, *m_stop;  // m_way: out of the empty state
  QScrollArea* m_scroll;
  QVBoxLayout* m_column;
  QPlainTextEdit* m_prompt;
  std::vector<TurnView*> m_turns;
};

}  // namespace weft::ui
