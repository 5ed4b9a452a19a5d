using System.ComponentModel.DataAnnotations;
using MakeVideo.Sources.Http;

namespace MakeVideo.Hosting;

/// <summary>Options records out of the configuration, checked before anything starts with them.</summary>
internal static class Settings
{
    /// <summary>What the section says (<c>MAKEVIDEO_BurnedText__Threshold=0.6</c> in the environment); the defaults where it says nothing.</summary>
    /// <exception cref="SettingException">A value that is none, or out of range: it names the setting.</exception>
    public static T Read<T>(IConfiguration configuration, string section)
        where T : new()
    {
        T options;
        try
        {
            options = configuration.GetSection(section).Get<T>() ?? new();
        }
        catch (InvalidOperationException unreadable)
        {
            throw new SettingException($"A setting below {section} cannot be read: {unreadable.Message.TrimEnd('.')}.");
        }

        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new(options), wrong, validateAllProperties: true)
            ? options
            : throw new SettingException(string.Join(" ", wrong.Select(result => $"The setting {section}:{result.MemberNames.First()} is out of range: {result.ErrorMessage}")));
    }
}
