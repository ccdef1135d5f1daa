# What GitLab's package makes of /etc/gitlab/gitlab.rb: a name at the top is a section that grows by itself (ConfigMash of
# omnibus-gitlab), or a setting that is called with a value; another name is an error. A file that stands for a secret is not
# there: reading it gives its path and a line break. Prints the settings as JSON.
#
#   ruby gitlab-rb.rb '{"sections": [...], "tops": [...]}' < gitlab.rb
require 'json'

class Mash < Hash
  def [](key)
    self[key] = Mash.new unless key?(key.to_s)
    super(key.to_s)
  end

  def []=(key, value)
    super(key.to_s, Mash.convert(value))
  end

  def self.convert(value)
    case value
    when Mash then value
    when Hash then value.each_with_object(Mash.new) { |(key, member), mash| mash[key] = member }
    when Array then value.map { |member| convert(member) }
    else value
    end
  end
end

class Settings
  def initialize(sections, tops)
    @settings = Mash.new
    sections.each { |name| define_singleton_method(name) { @settings[name] } }
    tops.each { |name| define_singleton_method(name) { |value| @settings[name] = value } }
  end

  def evaluate(text)
    instance_eval(text, 'gitlab.rb')
    @settings
  end
end

names = JSON.parse(ARGV.fetch(0))
# As the package reads it on a machine without a locale.
text = $stdin.binmode.read.force_encoding('US-ASCII')
File.define_singleton_method(:read) { |path, *| "<#{path}>\n" }
puts JSON.generate(Settings.new(names['sections'], names['tops']).evaluate(text))
